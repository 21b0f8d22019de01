/** `generate`: new text from a model, all at once or as it comes. */
import { z } from 'zod'
import { type GenerationEvent, GivenGenerationSettings } from '../../../shared/contract'
import type { GenerateSpec } from '../../engine/protocol'
import { defineCommand, type Session } from '../command'
import { deviceOption, generationQuantization } from '../compute-options'
import { type ExitStatus, exitStatus } from '../exit-status'
import { count, fixed, plural } from '../figures'
import { findModel } from '../find-model'

const { shape } = GivenGenerationSettings
const ownOr = (ours: string) => `the model’s own, else ${ours}`
type Done = Extract<GenerationEvent, { type: 'done' }>

const sampling = {
  max_new_tokens: { schema: shape.max_new_tokens, help: 'Most tokens to add.', otherwise: '256' },
  max_length: { schema: shape.max_length, help: 'Most tokens, the prompt included; overrides --max-new-tokens.' },
  do_sample: {
    schema: shape.do_sample,
    help: 'Draw each token; without, the likeliest is taken.',
    otherwise: ownOr('true'),
  },
  temperature: {
    schema: shape.temperature,
    help: 'Higher is bolder; 0 is greedy.',
    otherwise: ownOr('0.7'),
  },
  top_k: {
    schema: shape.top_k,
    help: 'Draw from the K likeliest tokens; 0 is off.',
    otherwise: ownOr('0'),
  },
  top_p: {
    schema: shape.top_p,
    help: 'Draw from the likeliest tokens that have this share together.',
    otherwise: ownOr('1'),
  },
  min_p: {
    schema: shape.min_p,
    help: 'Leave out tokens below this share of the likeliest one.',
    otherwise: ownOr('0'),
  },
  repetition_penalty: {
    schema: shape.repetition_penalty,
    help: 'Above 1, repeats what was said less.',
    otherwise: ownOr('1'),
  },
  stop: { schema: shape.stop, repeatable: true, placeholder: 'TEXT', help: 'End before this text.' },
  seed: { schema: shape.seed, help: 'The same seed draws the same text.' },
  skip_special_tokens: {
    schema: shape.skip_special_tokens,
    help: 'Leave out markers such as end-of-text.',
    otherwise: 'true',
  },
}

export const generate = defineCommand({
  name: 'generate',
  summary: 'Write text with a model.',
  options: {
    model: { schema: z.string().min(1), placeholder: 'M', help: 'The model to ask.' },
    prompt: { schema: z.string(), placeholder: 'P', help: 'The text to continue or, with --chat, the question.' },
    chat: {
      schema: z.boolean().default(false),
      otherwise: 'false',
      help: 'Ask as in a chat, through the model’s own template.',
    },
    system: {
      schema: z.string().optional(),
      placeholder: 'S',
      help: 'What the model should know before the question; implies --chat.',
    },
    stream: { schema: z.boolean().default(false), otherwise: 'false', help: 'Print the text as it comes.' },
    ...sampling,
    quantization: generationQuantization,
    device: deviceOption,
  },
  async run({ model, prompt, chat, system, stream, device: _, quantization: __, ...settings }, session) {
    const studio = await session.studio()
    const { files } = await studio.resolveModel(await findModel(model, session))
    const turns = [
      ...(system === undefined ? [] : [{ role: 'system' as const, content: system }]),
      { role: 'user' as const, content: prompt },
    ]
    const spec = {
      model: files,
      cacheDir: studio.jobs.cacheDir,
      prompt: chat || system !== undefined ? { chat: turns } : { text: prompt },
      settings,
    }
    return answer(spec, stream, session)
  },
})

async function answer(
  spec: GenerateSpec,
  stream: boolean,
  { studio, terminal, interruption }: Session,
): Promise<ExitStatus> {
  const { jobs } = await studio()
  for await (const event of jobs.run({ kind: 'generate', spec }, { signal: interruption.signal })) {
    if (event.type === 'done') {
      finish(event, stream, terminal)
      return event.stopReason === 'cancelled' ? exitStatus.interrupted : exitStatus.done
    }
    if (!stream) continue
    if (terminal.json) terminal.result(event, () => [])
    else terminal.piece(event.text)
  }
  return exitStatus.interrupted
}

function finish(event: Done, stream: boolean, terminal: Session['terminal']) {
  const { text, tokens, tokensPerSecond, stopReason, seed } = event
  terminal.result({ text, tokens, tokensPerSecond, stopReason }, () => (stream ? [] : [text]))
  if (terminal.json) return
  const speed = tokensPerSecond < 10 ? fixed(tokensPerSecond, 1) : count(tokensPerSecond)
  terminal.note(`${plural(tokens, 'token')}, ${speed} tokens/s, ended by ${endings[stopReason]}, seed ${seed}`)
}

const endings: Record<Done['stopReason'], string> = {
  eos: 'the model',
  length: 'the length',
  stop: 'a stop text',
  cancelled: 'you',
}
