/** Where the person writes. Enter sends, Shift and Enter begins a line. */
import { ActionIcon, Textarea, Tooltip } from '@mantine/core'
import { IconArrowUp, IconPlayerStopFilled } from '@tabler/icons-react'
import { useState } from 'react'
import classes from './composer.module.css'

type Props = {
  /** Whether an answer is being written. */
  going: boolean
  disabled?: boolean
  /** Answers false when the message was not taken; then it stays in the field. */
  send(text: string): boolean | Promise<boolean>
  stop(): void
}

export function Composer({ going, disabled = false, send, stop }: Props) {
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  const ready = text.trim() !== '' && !going && !disabled && !busy

  async function submit() {
    if (!ready) return
    setBusy(true)
    setText('')
    if (!(await send(text))) setText(text)
    setBusy(false)
  }

  return (
    <div className={classes.frame}>
      <div className={classes.composer}>
        <Textarea
          className={classes.field}
          classNames={{ input: classes.input }}
          aria-label="Message"
          placeholder="Write a message"
          autosize
          minRows={1}
          maxRows={9}
          variant="unstyled"
          data-composer
          value={text}
          disabled={disabled}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
            event.preventDefault()
            void submit()
          }}
        />
        {going ? (
          <Tooltip label="Stop">
            <ActionIcon size={36} variant="filled" color="gray.7" aria-label="Stop" onClick={stop}>
              <IconPlayerStopFilled size={16} />
            </ActionIcon>
          </Tooltip>
        ) : (
          <Tooltip label="Send">
            <ActionIcon
              size={36}
              variant="filled"
              color="teal"
              aria-label="Send"
              disabled={!ready}
              onClick={() => void submit()}
            >
              <IconArrowUp size={18} />
            </ActionIcon>
          </Tooltip>
        )}
      </div>
    </div>
  )
}
