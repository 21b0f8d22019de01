/**
 * LoRA adapters as `peft` reads and writes them: `adapter_config.json` and `adapter_model.safetensors`. Layer
 * `transformer.h.0.attn.c_attn` has `base_model.model.transformer.h.0.attn.c_attn.lora_A.weight` [r, inputs],
 * `….lora_B.weight` [outputs, r] and with DoRA `….lora_magnitude_vector` [outputs]; its bias, where it is trained, is
 * `….base_layer.bias`. Other tensors of the model that are trained keep their names behind the prefix.
 * Source: huggingface/peft, `LoraConfig` and `save_pretrained`.
 */
import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { readJsonIfThere } from '../files/json'
import { makeFolder, writeTextWhole } from '../files/whole'
import { EngineError } from '../protocol'
import { isFloat } from './dtypes'
import { type AdapterConfig, configToWrite, parseAdapterConfig, rankAndScale } from './peft-config'
import { isSaved } from './peft-rules'
import { readHeader, type TensorEntry } from './safetensors'
import { writeSafetensors } from './safetensors-writer'

export type AdapterModule = {
  /** Of the linear layer in the model: `transformer.h.0.attn.c_attn`. */
  path: string
  inputs: number
  outputs: number
  r: number
  /** Factor of B·A. */
  scale: number
  /** [r, inputs] */
  a: TensorEntry
  /** [outputs, r] */
  b: TensorEntry
  /** [outputs]; null but for DoRA. */
  magnitude: TensorEntry | null
}

export type Adapter = {
  folder: string
  config: AdapterConfig
  /** In the order of the file. */
  modules: AdapterModule[]
  /** Every tensor of the file under the name that it has in a run: the adapter's own, and the model's that it replaces. */
  tensors: ReadonlyMap<string, TensorEntry>
  /** Names of the model's tensors that it replaces: biases and modules that were trained whole. */
  replaced: readonly string[]
}

const prefix = 'base_model.model.'
const adapterWeightsFile = 'adapter_model.safetensors'
const adapterConfigFile = 'adapter_config.json'
const ofAdapter = /^(.+)\.(lora_A\.weight|lora_B\.weight|lora_magnitude_vector)$/

/** Names in the file for names in a run; `paths` are the layers with an adapter. */
const nameInFile = (name: string, paths: ReadonlySet<string>) => {
  const path = name.replace(/\.bias$/, '')
  return prefix + (paths.has(path) ? `${path}.base_layer.bias` : name)
}

/** The paths of layers whose adapters are among these names. */
export const adaptedPaths = (names: Iterable<string>): ReadonlySet<string> =>
  new Set([...names].flatMap((name) => /^(.+)\.lora_A\.weight$/.exec(name)?.[1] ?? []))

/**
 * Opens an adapter's folder and checks it in full; reads no weight.
 * @throws EngineError `bad_model`, naming the feature where the adapter uses one that we lack
 */
export async function readAdapter(folder: string): Promise<Adapter> {
  const path = resolve(folder)
  const configFile = join(path, adapterConfigFile)
  const json = await readJsonIfThere(configFile, 'bad_model')
  if (json === null)
    throw new EngineError('bad_model', `${path} has no ${adapterConfigFile}: it is not the folder of a PEFT adapter.`)
  const config = parseAdapterConfig(json, configFile)
  const weights = join(path, adapterWeightsFile)
  if (!(await stat(weights).catch(() => null)))
    throw new EngineError('bad_model', `${path} has no ${adapterWeightsFile}. Save the adapter again as safetensors.`)
  const tensors = byName((await readHeader(weights)).tensors, weights)
  const replaced = [...tensors.keys()].filter((name) => !ofAdapter.test(name))
  for (const name of replaced) checkReplaced(name, config, weights)
  const lost = config.modulesToSave.find((module) => !replaced.some((name) => isSaved(name, [module])))
  if (lost)
    throw new EngineError(
      'bad_model',
      `${weights} has no tensor of ${lost}, one of the modules_to_save in ${adapterConfigFile}.`,
    )
  return { folder: path, config, modules: modulesIn(tensors, config, weights), tensors, replaced }
}

/** With `bias: all`, peft writes the biases of modules that are trained whole under these names once more. */
const repeated = /\.(original_module|modules_to_save)\.bias$/

function byName(entries: readonly TensorEntry[], file: string): Map<string, TensorEntry> {
  const tensors = new Map<string, TensorEntry>()
  for (const entry of entries) {
    if (repeated.test(entry.name)) continue
    if (!entry.name.startsWith(prefix) || !isFloat(entry.dtype)) throw strange(entry.name, file)
    tensors.set(entry.name.slice(prefix.length).replace(/\.base_layer\.bias$/, '.bias'), entry)
  }
  if (tensors.size === 0) throw new EngineError('bad_model', `${file} holds no tensors.`)
  return tensors
}

/** What is no part of an adapter must be a tensor that the configuration speaks of. */
function checkReplaced(name: string, { bias, modulesToSave }: AdapterConfig, file: string): void {
  const meant = isSaved(name, modulesToSave) || (bias !== 'none' && name.endsWith('.bias'))
  if (!meant || name.includes('.lora_')) throw strange(prefix + name, file)
}

const strange = (name: string, file: string) =>
  new EngineError(
    'bad_model',
    `${file} holds ${name}, which is no LoRA matrix of a linear layer, nor does ${adapterConfigFile} speak of it.`,
  )

function modulesIn(tensors: ReadonlyMap<string, TensorEntry>, config: AdapterConfig, file: string): AdapterModule[] {
  const paths = new Set([...tensors.keys()].flatMap((name) => ofAdapter.exec(name)?.[1] ?? []))
  if (paths.size === 0) throw new EngineError('bad_model', `${file} holds no LoRA matrices.`)
  return [...paths].map((path) => {
    const a = tensors.get(`${path}.lora_A.weight`)
    const b = tensors.get(`${path}.lora_B.weight`)
    const magnitude = tensors.get(`${path}.lora_magnitude_vector`) ?? null
    if (!a || !b) throw new EngineError('bad_model', `${file} has only one of the two matrices of ${path}.`)
    const { r, scale } = rankAndScale(config, path)
    const [inputs, outputs] = [a.shape[1]!, b.shape[0]!]
    if (a.shape.join() !== [r, inputs].join() || b.shape.join() !== [outputs, r].join())
      throw new EngineError(
        'bad_model',
        `${file}: the matrices of ${path} are [${a.shape}] and [${b.shape}], but ${adapterConfigFile} says r = ${r}${r === config.r ? '' : ' (by its rank_pattern)'}.`,
      )
    if (config.dora !== (magnitude !== null) || (magnitude && magnitude.shape.join() !== String(outputs)))
      throw new EngineError(
        'bad_model',
        `${file}: lora_magnitude_vector of ${path} is ${magnitude ? `[${magnitude.shape}]` : 'missing'}, but ${adapterConfigFile} says use_dora = ${config.dora} and the layer has ${outputs} outputs.`,
      )
    return { path, inputs, outputs, r, scale, a, b, magnitude }
  })
}

/** A tensor under its name in a run. */
export type AdapterTensor = {
  name: string
  shape: readonly number[]
  data: Float32Array | (() => Promise<Float32Array>)
}

/**
 * Writes both files into the folder, which is made where it is missing. Each file comes whole, the configuration last.
 * A configuration without targets names every layer by its whole path.
 * @throws EngineError `disk`
 */
export async function writeAdapter(
  folder: string,
  config: AdapterConfig,
  tensors: readonly AdapterTensor[],
): Promise<void> {
  await makeFolder(folder)
  const paths = adaptedPaths(tensors.map(({ name }) => name))
  const entries = tensors.map(({ name, shape, data }) => ({
    name: nameInFile(name, paths),
    shape,
    dtype: 'F32' as const,
    data: () => (typeof data === 'function' ? data() : data),
  }))
  await writeSafetensors(join(folder, adapterWeightsFile), entries)
  const targetModules = config.targetModules.length > 0 ? config.targetModules : [...paths]
  const json = configToWrite({ ...config, targetModules })
  await writeTextWhole(join(folder, adapterConfigFile), `${JSON.stringify(json, null, 2)}\n`)
}
