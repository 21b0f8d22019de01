/**
 * What a model folder holds, read from the outside: its configuration, the headers of its weights, its tokenizer.
 * No weight is loaded. What is missing or wrong becomes one sentence.
 */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { z } from 'zod'
import { ModelEntry, ModelRecommendations } from '../../shared/contract'
import { isRecord, readJsonIfThere } from '../engine/files/json'
import { modelOf, modelTypes } from '../engine/models'
import { anatomyOf, parametersOf } from '../engine/models/anatomy'
import { fitAdapter } from '../engine/models/fit-adapter'
import { EngineError } from '../engine/protocol'
import { baseFolderOf, holdsAdapter, type NamedFolder } from '../engine/weights/adapter-base'
import { type Checkpoint, openCheckpoint } from '../engine/weights/checkpoint'
import { readAdapter } from '../engine/weights/peft'
import { bytesOf, countParameters } from './model-parameters'

export const ModelFacts = ModelEntry.pick({
  architecture: true,
  parameters: true,
  sizeBytes: true,
  contextLength: true,
  vocabularySize: true,
  dtype: true,
  hasChatTemplate: true,
  base: true,
  problem: true,
})
export type ModelFacts = z.infer<typeof ModelFacts>

const unknown: ModelFacts = {
  architecture: null,
  parameters: null,
  sizeBytes: 0,
  contextLength: null,
  vocabularySize: null,
  dtype: null,
  hasChatTemplate: false,
  base: null,
  problem: null,
}

/** What people call the architectures that `config.json` names. */
const titles: Record<string, string> = {
  gpt2: 'GPT-2',
  gpt_neox: 'GPT-NeoX',
  llama: 'Llama',
  mistral: 'Mistral',
  qwen2: 'Qwen 2',
  qwen3: 'Qwen 3',
  phi3: 'Phi-3',
  gemma2: 'Gemma 2',
  gemma3_text: 'Gemma 3',
}

/** Looks at the folder of a model, or of an adapter over one. Never throws for what is wrong in it: `problem` says it. */
export async function inspectModelFolder(folder: string, known: readonly NamedFolder[] = []): Promise<ModelFacts> {
  let facts = unknown
  try {
    if (await holdsAdapter(folder)) return await adapterFacts(folder, known)
    const checkpoint = await openCheckpoint(folder)
    facts = { ...facts, ...weightFacts(checkpoint) }
    facts = { ...facts, ...configFacts(checkpoint) }
    return { ...facts, hasChatTemplate: await checkTokenizer(folder) }
  } catch (failure) {
    if (!(failure instanceof EngineError)) throw failure
    return { ...facts, problem: failure.message }
  }
}

/** What the model under an adapter is, which must be one that the adapter fits. */
async function adapterFacts(folder: string, known: readonly NamedFolder[]): Promise<ModelFacts> {
  const adapter = await readAdapter(folder)
  const base = await baseFolderOf(adapter.folder, adapter.config.baseModel, known)
  const facts = await inspectModelFolder(base)
  if (facts.problem !== null) return { ...facts, base }
  const config = await readJsonIfThere(join(base, 'config.json'), 'bad_model')
  fitAdapter(adapter, anatomyOf(modelOf(config, join(base, 'config.json'))))
  return {
    ...facts,
    base,
    sizeBytes: [...adapter.tensors.values()].reduce((sum, { byteLength }) => sum + byteLength, 0),
  }
}

function weightFacts(checkpoint: Checkpoint): Partial<ModelFacts> {
  const types = new Set(
    [...checkpoint.tensors.values()].filter(({ shape }) => shape.length > 0).map(({ dtype }) => dtype),
  )
  const config = isRecord(checkpoint.config) ? checkpoint.config : {}
  return {
    parameters: countParameters(checkpoint.tensors.values(), config),
    sizeBytes: bytesOf(checkpoint),
    dtype: types.size === 1 ? [...types][0]! : [...types].sort().join(', '),
  }
}

/** @throws EngineError `bad_model` for a configuration that the engine would refuse. */
function configFacts({ config, folder }: Checkpoint): Partial<ModelFacts> {
  const model = modelOf(config, join(folder, 'config.json'))
  const { modelType, shape } = model
  return {
    architecture: titles[modelType] ?? modelType,
    parameters: parametersOf(anatomyOf(model)),
    contextLength: shape.contextLength,
    vocabularySize: shape.vocabularySize,
  }
}

/** Checks that there is a tokenizer; answers whether it brings a chat template. */
async function checkTokenizer(folder: string): Promise<boolean> {
  const tokenizer = await readJsonIfThere(join(folder, 'tokenizer.json'), 'bad_model')
  if (tokenizer === null)
    throw new EngineError('bad_model', `${folder} has no tokenizer.json: copy it beside config.json.`)
  if (!isRecord(tokenizer) || !isRecord(tokenizer.model))
    throw new EngineError('bad_model', `${join(folder, 'tokenizer.json')} is not a tokenizer: it has no model.`)
  const config = await readJsonIfThere(join(folder, 'tokenizer_config.json'), 'bad_model')
  if (isRecord(config) && config.chat_template) return true
  return (await stat(join(folder, 'chat_template.jinja')).catch(() => null)) !== null
}

/**
 * `camelot.json` of the folder; nothing recommended where there is none.
 * @throws EngineError `bad_model`
 */
export async function readRecommendations(folder: string): Promise<ModelRecommendations> {
  const file = join(folder, 'camelot.json')
  const parsed = ModelRecommendations.safeParse((await readJsonIfThere(file, 'bad_model')) ?? {})
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0]!
  throw new EngineError('bad_model', `${file} has a wrong value at ${path.join('.') || 'its top'}: ${message}.`)
}

/**
 * How the folder's files look from outside, and those of the model under an adapter; equal as long as nothing was
 * written there and we know no new architecture.
 */
export async function fingerprintOf(folder: string, base: string | null = null): Promise<string> {
  const own = await looksOf(folder)
  return base === null ? own : `${own} ${await looksOf(base)}`
}

async function looksOf(folder: string): Promise<string> {
  const names = await readdir(folder).catch(() => null)
  if (names === null) return 'missing'
  const files = names.filter((name) => /\.(json|safetensors|jinja|bin|pt)$/.test(name)).sort()
  const looks = files.map(async (name) => {
    const found = await stat(join(folder, name)).catch(() => null)
    return [name, found?.size ?? -1, found?.mtimeMs ?? -1]
  })
  return JSON.stringify([modelTypes, ...(await Promise.all(looks))])
}
