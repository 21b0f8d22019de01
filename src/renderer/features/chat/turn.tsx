/** A question with its answers; each answer says who gave it and how fast. */
import { ActionIcon, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy, IconRefresh } from '@tabler/icons-react'
import { useState } from 'react'
import type { ChatMessage } from '../../../shared/contract'
import { copyText } from '../../lib/download'
import { plural, speed } from '../../lib/format'
import { referenceName } from '../../lib/model-reference'
import { useModels, useRuns } from '../../lib/queries'
import { Markdown } from './markdown'
import classes from './thread.module.css'
import type { Turn } from './turns'

type Props = { turn: Turn; columns: number; regenerate: (() => void) | null }

export function TurnView({ turn, columns, regenerate }: Props) {
  return (
    <div className={classes.turn}>
      {turn.question && <div className={classes.question}>{turn.question.text}</div>}
      {turn.answers.length > 0 && (
        <div className={classes.answers} style={{ '--columns': columns } as React.CSSProperties}>
          {turn.answers.map((answer) => (
            <AnswerView key={answer.id} answer={answer} regenerate={regenerate} />
          ))}
        </div>
      )}
      {turn.answers.length === 0 && regenerate && (
        <Tooltip label="Ask again">
          <ActionIcon size="sm" aria-label="Regenerate" onClick={regenerate} style={{ alignSelf: 'flex-end' }}>
            <IconRefresh size={15} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      )}
    </div>
  )
}

function AnswerView({ answer, regenerate }: { answer: ChatMessage; regenerate: (() => void) | null }) {
  return (
    <article className={classes.answer} aria-label="Answer">
      <WhoAnswers model={answer.model} />
      <Markdown text={answer.text} />
      <div className={`${classes.foot} numbers`}>
        <span>{measured(answer)}</span>
        <CopyButton text={answer.text} />
        {regenerate && (
          <Tooltip label="Regenerate">
            <ActionIcon size="sm" aria-label="Regenerate" onClick={regenerate}>
              <IconRefresh size={15} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
        )}
      </div>
    </article>
  )
}

export function WhoAnswers({ model }: { model: ChatMessage['model'] | undefined }) {
  const models = useModels().data ?? []
  const runs = useRuns().data ?? []
  return <div className={classes.who}>{model ? referenceName(model, models, runs) : ''}</div>
}

const reasons: Record<string, string> = { length: 'length reached', cancelled: 'stopped', stop: 'stop text' }

function measured({ tokens, tokensPerSecond, stopReason }: ChatMessage): string {
  const parts = [
    tokens !== null && plural(tokens, 'token'),
    tokensPerSecond !== null && `${speed(tokensPerSecond)} tokens/s`,
    stopReason !== null && reasons[stopReason],
  ]
  return parts.filter(Boolean).join(' · ')
}

function CopyButton({ text }: { text: string }) {
  const [copied, setCopied] = useState(false)
  async function copy() {
    if (!(await copyText(text))) return
    setCopied(true)
    setTimeout(() => setCopied(false), 1500)
  }
  return (
    <Tooltip label={copied ? 'Copied' : 'Copy'}>
      <ActionIcon size="sm" aria-label="Copy" onClick={() => void copy()}>
        {copied ? <IconCheck size={15} /> : <IconCopy size={15} stroke={1.6} />}
      </ActionIcon>
    </Tooltip>
  )
}
