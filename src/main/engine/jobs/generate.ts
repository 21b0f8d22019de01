/** Writing text with a model: the generate job, and the loop that the samples of a training run share. */
import { randomInt } from 'node:crypto'
import type { GenerationEvent, GenerationSettings } from '../../../shared/contract'
import { renderPlainly } from '../data/conversation'
import { generationSettings } from '../data/generation-settings'
import { fitAdapter } from '../models/fit-adapter'
import { weightsOf } from '../nn/weights'
import { EngineError, type GenerateSpec, type ModelFiles } from '../protocol'
import type { Tensors } from '../runtime/session'
import { readAdapter } from '../weights/peft'
import { readFloat32 } from '../weights/safetensors'
import type { Control } from './control'
import { type Generator, openGenerator } from './generator'
import { frozenParts, type OpenModel, openModel } from './open-model'
import { sampler } from './sampling'
import { stopMatcher } from './stop-texts'
import { adaptedView, selectionOf, type WeightView } from './trainable'

/** A model opened for writing, with its adapter if it has one. */
export type Writer = { open: OpenModel; generator: Generator }

export async function openWriter(files: ModelFiles, cacheDir: string): Promise<Writer> {
  const open = await openModel(files.folder, cacheDir)
  const { view, tensors } = await tunedView(open, files.adapter)
  return { open, generator: await openGenerator(open, view, tensors, { prepack: true }) }
}

/** The weights of a model under an adapter, and the adapter's tensors as feeds. */
export async function tunedView(
  open: OpenModel,
  folder: string | null,
): Promise<{ view: WeightView; tensors: Tensors }> {
  if (!folder) return { view: () => weightsOf(frozenParts(open)), tensors: {} }
  const adapter = await readAdapter(folder)
  const { config } = adapter
  const anatomy = open.anatomy
  const layers = fitAdapter(adapter, anatomy).map(({ layer, r, scale }) => ({
    ...layer,
    adapter: { r, scale, dropout: 0, dora: config.dora },
  }))
  const selection = {
    ...selectionOf(config, new Set(layers.map(({ path }) => path)), anatomy),
    trains: (name: string) => adapter.tensors.has(name),
  }
  const tensors: Record<string, Tensors[string]> = {}
  for (const [name, entry] of adapter.tensors) tensors[name] = { data: await readFloat32(entry), shape: entry.shape }
  return { view: adaptedView(open, layers, selection), tensors }
}

export type Prompt = GenerateSpec['prompt']

/** The prompt's ids: plain text as the tokenizer takes it, turns through the model's chat template. */
async function promptIds({ tokenizer }: OpenModel, prompt: Prompt): Promise<number[]> {
  if ('text' in prompt) return tokenizer.encode(prompt.text)
  if (tokenizer.chatTemplate === null)
    return tokenizer.encode(renderPlainly(prompt.chat, { addGenerationPrompt: true }))
  return tokenizer.encode(tokenizer.renderChat(prompt.chat, { addGenerationPrompt: true }), { addSpecialTokens: false })
}

/** Streams what the model writes after the prompt. @throws EngineError `bad_data` for a prompt that is empty or too long. */
export async function* write(
  open: OpenModel,
  generator: Generator,
  prompt: Prompt,
  settings: GenerationSettings,
  signal: AbortSignal,
): AsyncGenerator<GenerationEvent> {
  const { tokenizer, model } = open
  const ids = await promptIds(open, prompt)
  const limit = tokenLimit(ids.length, settings, model.shape.contextLength)
  const seed = settings.seed ?? randomInt(2 ** 32)
  const draw = sampler(settings, seed)
  const stream = tokenizer.textStream({ skipSpecialTokens: settings.skip_special_tokens })
  const stops = stopMatcher(settings.stop)
  const run = generator.begin()
  const began = performance.now()
  const all = [...ids]
  let text = ''
  let stopReason: 'eos' | 'length' | 'stop' | 'cancelled' = 'length'
  let pending: readonly number[] = ids
  let count = 0
  const out = (piece: string): GenerationEvent[] => {
    text += piece
    return piece ? [{ type: 'token', text: piece }] : []
  }
  while (count < limit) {
    await new Promise((resolve) => setImmediate(resolve))
    if (signal.aborted) {
      stopReason = 'cancelled'
      break
    }
    const id = draw(await run.next(pending), all)
    count++
    if (tokenizer.stopTokenIds.includes(id)) {
      stopReason = 'eos'
      break
    }
    all.push(id)
    pending = [id]
    const piece = stops.push(stream.push(id))
    yield* out(piece.text)
    if (piece.stopped) {
      stopReason = 'stop'
      break
    }
  }
  if (stopReason !== 'stop') {
    const rest = stops.push(stream.end())
    yield* out(rest.text + stops.end())
  }
  const seconds = (performance.now() - began) / 1000
  yield { type: 'done', text, tokens: count, tokensPerSecond: count / Math.max(seconds, 1e-9), stopReason, seed }
}

/** How many tokens may follow a prompt of this length. */
function tokenLimit(prompt: number, { max_length, max_new_tokens }: GenerationSettings, context: number): number {
  if (prompt === 0)
    throw new EngineError(
      'bad_data',
      'The prompt is empty: there is nothing to continue. Write at least one character.',
    )
  if (prompt >= context)
    throw new EngineError(
      'bad_data',
      `The prompt has ${prompt} tokens, but the model reads ${context} at most. Shorten it, or begin a new conversation.`,
    )
  const wanted = max_length === null ? max_new_tokens : max_length - prompt
  if (wanted < 1)
    throw new EngineError(
      'bad_arguments',
      `max_length is ${max_length}, but the prompt alone has ${prompt} tokens. Raise max_length.`,
    )
  return Math.min(wanted, context - prompt)
}

/** The end of a stream of events. */
export async function completion(events: AsyncIterable<GenerationEvent>) {
  for await (const event of events) if (event.type === 'done') return event
  throw new EngineError('internal', 'The model stopped writing without an end.')
}

/** Models kept open between two requests: the ones used last, for chat with one model or two side by side. */
const kept = new Map<string, Promise<Writer>>()
const keptAtMost = 2

async function keptWriter(files: ModelFiles, cacheDir: string): Promise<Writer> {
  const key = JSON.stringify(files)
  const found = kept.get(key) ?? openWriter(files, cacheDir)
  kept.delete(key)
  kept.set(key, found)
  found.catch(() => kept.delete(key))
  for (const [oldest, writer] of kept) {
    if (kept.size <= keptAtMost) break
    kept.delete(oldest)
    await (await writer).generator.close()
  }
  return found
}

export async function* generate(spec: GenerateSpec, control: Control): AsyncGenerator<GenerationEvent> {
  const { open, generator } = await keptWriter(spec.model, spec.cacheDir)
  const settings = await generationSettings(open.folder, spec.settings)
  yield* write(open, generator, spec.prompt, settings, control.signal)
}
