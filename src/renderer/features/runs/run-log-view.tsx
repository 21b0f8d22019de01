/** The log, line by line. It follows the end until the person scrolls up. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import type { TrainEvent } from '../../../shared/contract'
import { timeOfDay } from '../../lib/format'
import { eventLine, toneOf } from './event-line'
import classes from './run-tabs.module.css'

const lineHeight = 22

export function RunLogView({ events }: { events: readonly TrainEvent[] }) {
  const scroller = useRef<HTMLElement>(null)
  const following = useRef(true)
  const virtual = useVirtualizer({
    count: events.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    overscan: 20,
  })
  useEffect(() => {
    if (following.current && events.length > 0) virtual.scrollToIndex(events.length - 1, { align: 'end' })
  }, [events.length, virtual])
  function noticeScroll(element: HTMLElement) {
    following.current = element.scrollHeight - element.scrollTop - element.clientHeight < 2 * lineHeight
  }
  return (
    <section
      ref={scroller}
      className={classes.lines}
      aria-label="Log of the run"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable with the keyboard
      tabIndex={0}
      onScroll={(event) => noticeScroll(event.currentTarget)}
    >
      <div className={classes.sheet} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const event = events[item.index]!
          const text = eventLine(event)
          return (
            <div
              key={item.key}
              className={classes.line}
              data-tone={toneOf(event)}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <time dateTime={event.time}>{timeOfDay(event.time)}</time>
              <span title={text}>{text}</span>
            </div>
          )
        })}
      </div>
    </section>
  )
}
