// Fills the template of the bundled model's card with the figures of the run and its unedited samples.
import type { TrainEvent } from '../../src/shared/contract'
import { validationDocuments } from './recipe'

type Event<T extends TrainEvent['type']> = Extract<TrainEvent, { type: T }>

function last<T extends TrainEvent['type']>(events: readonly TrainEvent[], type: T): Event<T> {
  const event = events.findLast((candidate): candidate is Event<T> => candidate.type === type)
  if (event === undefined)
    throw new Error(`model card: the event log has no "${type}" event; let the training finish first`)
  return event
}

const grouped = (value: number) => Math.round(value).toLocaleString('en-US')

/** Markdown of one sample: the prompt as it was given, then the new text in a quotation of its own. */
function sampleText({ prompt, text }: { prompt: string; text: string }, index: number): string {
  const block = (content: string) => ['```text', content.replaceAll('```', "'''"), '```'].join('\n')
  return `**${index + 1}.** Given\n\n${block(prompt.trimEnd())}\n\nit went on\n\n${block(text.trim())}`
}

/** @throws Error when the log is unfinished, or when the template asks for a figure that there is not. */
export function modelCard(
  template: string,
  events: readonly TrainEvent[],
  samples: readonly { prompt: string; text: string }[],
): string {
  const [start, evaluation, done] = [last(events, 'start'), last(events, 'eval'), last(events, 'done')]
  const seconds = events.filter((event) => event.type === 'done').reduce((sum, event) => sum + event.seconds, 0)
  const batchSize = start.arguments.per_device_train_batch_size * start.arguments.gradient_accumulation_steps
  const figures: Readonly<Record<string, string>> = {
    parameters: grouped(start.totalParameters),
    documents: grouped(done.step * batchSize),
    validationDocuments: grouped(validationDocuments),
    steps: grouped(done.step),
    minutes: grouped(seconds / 60),
    tokensPerSecond: grouped(done.tokensPerSecond),
    evaluationLoss: evaluation.loss.toFixed(3),
    perplexity: evaluation.perplexity.toFixed(2),
    learningRate: String(start.arguments.learning_rate),
    batchSize: String(batchSize),
    samples: samples.map(sampleText).join('\n\n'),
  }
  return template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const figure = figures[name]
    if (figure === undefined) throw new Error(`model card: the template asks for {{${name}}}, which there is not`)
    return figure
  })
}
