/** A conversation's turns, the answers on their way, and the field for the next message. */
import { Skeleton } from '@mantine/core'
import { IconMessageCircleOff } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import type { ChatMessage, GivenGenerationSettings } from '../../../shared/contract'
import { Gone } from '../../components/gone'
import { forgetFailures, regenerateAnswer, sendMessage, useAnswerStream } from './answer-streams'
import { Composer } from './composer'
import { PartialAnswerView } from './partial-answer'
import classes from './thread.module.css'
import { TurnView } from './turn'
import { turnsOf } from './turns'
import type { Conversation } from './use-conversation'

type Props = { id: string; conversation: Conversation; settings: GivenGenerationSettings }

export function Thread({ id, conversation, settings }: Props) {
  const stream = useAnswerStream(id)
  const { data } = conversation
  const messages: ChatMessage[] = stream?.going ? stream.before : (data?.messages ?? stream?.before ?? [])
  const turns = turnsOf(messages)
  const models = data?.models ?? []
  const going = stream?.going ?? false
  const written = stream?.answers.reduce((sum, answer) => sum + answer.text.length, 0) ?? 0
  const end = useFollowEnd(`${messages.length} ${written}`)
  const asking = { id, before: messages, models: models.length, settings }

  if (conversation.error && !data)
    return (
      <div className={classes.opening}>
        <Gone icon={IconMessageCircleOff} title="This conversation is gone" to="/chat" next="New conversation" />
      </div>
    )
  return (
    <>
      <div className={classes.scroller} ref={end}>
        <div className={classes.turns} data-wide={models.length > 1} aria-live="polite">
          {!data && !stream && <Skeleton height={120} />}
          {turns.map((turn, i) => (
            <TurnView
              key={turn.question?.id ?? turn.answers[0]?.id}
              turn={turn}
              columns={Math.max(turn.answers.length, 1)}
              regenerate={i === turns.length - 1 && !going ? () => void regenerateAnswer(asking) : null}
            />
          ))}
          {stream && (
            <div className={classes.answers} style={{ '--columns': stream.answers.length } as React.CSSProperties}>
              {stream.answers.map((answer, i) =>
                stream.going || answer.state === 'failed' ? (
                  // biome-ignore lint/suspicious/noArrayIndexKey: an answer is known by its model's place
                  <PartialAnswerView key={i} answer={answer} model={models[i]} />
                ) : null,
              )}
            </div>
          )}
        </div>
      </div>
      <Composer
        going={going}
        disabled={!data}
        stop={() => stream?.stop()}
        send={(text) => {
          forgetFailures(id)
          void sendMessage(asking, text)
          return true
        }}
      />
    </>
  )
}

/** Keeps the end in sight while it grows, unless the person has scrolled up. */
function useFollowEnd(growth: string) {
  const scroller = useRef<HTMLDivElement>(null)
  const following = useRef(true)
  useEffect(() => {
    const element = scroller.current
    if (!element) return
    const notice = () => {
      following.current = element.scrollHeight - element.scrollTop - element.clientHeight < 80
    }
    element.addEventListener('scroll', notice)
    return () => element.removeEventListener('scroll', notice)
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: growth is what asks for another look
  useEffect(() => {
    const element = scroller.current
    if (element && following.current) element.scrollTop = element.scrollHeight
  }, [growth])
  return scroller
}
