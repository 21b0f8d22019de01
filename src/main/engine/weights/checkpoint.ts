/**
 * A model folder in Hugging Face layout: `config.json` and its weights, in one safetensors file or in shards with
 * `model.safetensors.index.json`.
 */
import { readdir, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { isMissing, isRecord, readJsonIfThere, reasonOf } from '../files/json'
import { EngineError } from '../protocol'
import { type StoredFourBit, storesFourBit, type WithFourBit, withFourBit } from './quantization/stored'
import { readHeader, type SafetensorsFile, type TensorEntry } from './safetensors'

export type Checkpoint = {
  /** Absolute path. */
  folder: string
  /** `config.json`, parsed as JSON and not yet checked. */
  config: unknown
  tensors: Map<string, TensorEntry>
  files: SafetensorsFile[]
  /** Those of the tensors that are held in 4 bits; their entries make them F32. */
  fourBit: ReadonlyMap<string, StoredFourBit>
}

const single = 'model.safetensors'
const index = 'model.safetensors.index.json'

/**
 * Opens a model folder: every header is read and checked, no weight is.
 * @throws EngineError `bad_model`
 */
export async function openCheckpoint(folder: string): Promise<Checkpoint> {
  const path = resolve(folder)
  const names = await namesIn(path)
  const config = await readJsonIfThere(join(path, 'config.json'), 'bad_model')
  if (config === null) throw new EngineError('bad_model', missingConfig(path, names))
  const files = await weightFiles(path, names)
  const { tensors, fourBit } = await asSeen([...byName(files).values()], config, join(path, 'config.json'))
  const seen = files.map((file) => ({ ...file, tensors: tensors.filter((entry) => entry.file === file.file) }))
  return { folder: path, config, files: seen, tensors: new Map(tensors.map((entry) => [entry.name, entry])), fourBit }
}

/** The tensors as the model sees them. transformers turns GPT-2's matrices round before bitsandbytes packs them. */
async function asSeen(tensors: TensorEntry[], config: unknown, file: string): Promise<WithFourBit> {
  if (!storesFourBit(config, file)) return { tensors, fourBit: new Map() }
  const turns = isRecord(config) && config.model_type === 'gpt2'
  return withFourBit(tensors, () => turns)
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    if (!(await stat(folder)).isDirectory())
      throw new EngineError('bad_model', `${folder} is a file. Give the folder that holds config.json and the weights.`)
    return await readdir(folder)
  } catch (error) {
    if (error instanceof EngineError) throw error
    const what = isMissing(error) ? 'There is no folder' : 'Cannot read the folder'
    throw new EngineError('bad_model', `${what} ${folder}${isMissing(error) ? '' : `: ${reasonOf(error)}`}.`)
  }
}

function missingConfig(folder: string, names: string[]): string {
  if (names.includes('adapter_config.json'))
    return `${folder} holds a PEFT adapter, not a whole model: choose the model it belongs to.`
  return `${folder} has no config.json. A model folder needs config.json, tokenizer.json and ${single}.`
}

async function weightFiles(folder: string, names: string[]): Promise<SafetensorsFile[]> {
  if (names.includes(single)) return [await readHeader(join(folder, single))]
  if (names.includes(index)) return shards(folder)
  const others = names.filter((name) => name.endsWith('.safetensors') && name !== 'adapter_model.safetensors')
  if (others.length === 1 && !isShard(others[0]!)) return [await readHeader(join(folder, others[0]!))]
  throw new EngineError('bad_model', missingWeights(folder, names, others))
}

const isShard = (name: string) => /-\d{5}-of-(?!00001)\d{5}\.safetensors$/.test(name)

function missingWeights(folder: string, names: string[], safetensors: string[]): string {
  if (safetensors.length > 0) return `${folder} has weights in shards but no ${index}. Copy or download that file too.`
  if (names.some((name) => name.endsWith('.bin') || name.endsWith('.pt')))
    return `${folder} has weights only in PyTorch's pickle format. Save the model again with safe_serialization=True.`
  return `${folder} has no weights: ${single} is missing.`
}

async function shards(folder: string): Promise<SafetensorsFile[]> {
  const file = join(folder, index)
  const places = weightMap(await readJsonIfThere(file, 'bad_model'), file)
  const held = new Map<string, SafetensorsFile>()
  for (const name of new Set(places.values())) held.set(name, await readHeader(join(folder, name)))
  for (const [tensor, name] of places)
    if (!held.get(name)!.tensors.some((entry) => entry.name === tensor))
      throw new EngineError('bad_model', `${file} places tensor ${tensor} in ${name}, which does not hold it.`)
  const files = [...held.values()]
  for (const name of byName(files).keys())
    if (!places.has(name))
      throw new EngineError('bad_model', `${file} does not list tensor ${name}, which a shard holds.`)
  return files
}

/** `weight_map`: tensor → plain name of a file in the same folder. */
function weightMap(content: unknown, file: string): Map<string, string> {
  const map = isRecord(content) ? content.weight_map : undefined
  if (!isRecord(map) || Object.keys(map).length === 0)
    throw new EngineError('bad_model', `${file} has no weight_map that says which file holds which tensor.`)
  for (const [tensor, name] of Object.entries(map))
    if (typeof name !== 'string' || name !== basename(name) || name.includes('\\') || !name.endsWith('.safetensors'))
      throw new EngineError(
        'bad_model',
        `${file} places tensor ${tensor} in ${JSON.stringify(name)}: expected the name of a .safetensors file beside it.`,
      )
  return new Map(Object.entries(map) as [string, string][])
}

function byName(files: SafetensorsFile[]): Map<string, TensorEntry> {
  const tensors = new Map<string, TensorEntry>()
  for (const { tensors: entries, file } of files)
    for (const entry of entries) {
      const other = tensors.get(entry.name)
      if (other) throw new EngineError('bad_model', `Tensor ${entry.name} is both in ${other.file} and in ${file}.`)
      tensors.set(entry.name, entry)
    }
  return tensors
}
