/** An answer as it is being written. */
import { Loader } from '@mantine/core'
import type { ModelReference } from '../../../shared/contract'
import { Problem } from '../../components/problem'
import { plural, speed } from '../../lib/format'
import type { PartialAnswer } from './answer-streams'
import { Markdown } from './markdown'
import classes from './thread.module.css'
import { WhoAnswers } from './turn'

type Props = { answer: PartialAnswer; model: ModelReference | undefined }

export function PartialAnswerView({ answer, model }: Props) {
  return (
    <article className={classes.answer} aria-label="Answer" aria-busy={answer.state !== 'done'}>
      <WhoAnswers model={model} />
      {answer.text && <Markdown text={answer.text} />}
      {answer.state === 'failed' && <Problem>{answer.problem}</Problem>}
      {!answer.text && answer.state !== 'failed' && (
        <div className={classes.waiting}>
          <Loader size={14} type="dots" color="teal" />
          {answer.state === 'loading' ? 'Loading the model' : 'Thinking'}
        </div>
      )}
      <div className={`${classes.foot} numbers`}>
        <span>
          {answer.tokens > 0 && plural(answer.tokens, 'token')}
          {answer.tokensPerSecond !== null && ` · ${speed(answer.tokensPerSecond)} tokens/s`}
        </span>
      </div>
    </article>
  )
}
