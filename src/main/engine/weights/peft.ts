/**
 * LoRA adapters as `peft` reads and writes them: `adapter_config.json` and `adapter_model.safetensors`, in which layer
 * `transformer.h.0.attn.c_attn` has `base_model.model.transformer.h.0.attn.c_attn.lora_A.weight` [r, inputs] and
 * `….lora_B.weight` [outputs, r].
 * Source: huggingface/peft, `LoraConfig` and `save_pretrained`.
 */
import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { readJsonIfThere } from '../files/json'
import { makeFolder, writeTextWhole } from '../files/whole'
import { EngineError } from '../protocol'
import { isFloat } from './dtypes'
import { type AdapterConfig, configToWrite, parseAdapterConfig } from './peft-config'
import { readHeader, type TensorEntry } from './safetensors'
import { writeSafetensors } from './safetensors-writer'

export type AdapterModule = {
  /** Of the linear layer in the model: `transformer.h.0.attn.c_attn`. */
  path: string
  inputs: number
  outputs: number
  /** [r, inputs] */
  a: TensorEntry
  /** [outputs, r] */
  b: TensorEntry
}

export type Adapter = {
  folder: string
  config: AdapterConfig /** In the order of the file. */
  modules: AdapterModule[]
}

/** A tensor of the adapter as its file calls it. */
export const nameInAdapter = (name: string) => `base_model.model.${name}`
export const adapterWeightsFile = 'adapter_model.safetensors'
const adapterConfigFile = 'adapter_config.json'

/** The tensor names of a layer's adapter. */
export const adapterTensorNames = (path: string) => ({
  a: nameInAdapter(`${path}.lora_A.weight`),
  b: nameInAdapter(`${path}.lora_B.weight`),
})

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
  const { tensors } = await readHeader(weights)
  return { folder: path, config, modules: modulesIn(tensors, config.r, weights) }
}

function modulesIn(tensors: TensorEntry[], r: number, file: string): AdapterModule[] {
  const halves = new Map<string, { a?: TensorEntry; b?: TensorEntry }>()
  for (const tensor of tensors) {
    const match = /^base_model\.model\.(.+)\.lora_([AB])\.weight$/.exec(tensor.name)
    if (!match || !isFloat(tensor.dtype) || tensor.shape.length !== 2)
      throw new EngineError('bad_model', `${file} holds ${tensor.name}, which is no LoRA matrix of a linear layer.`)
    const half = halves.get(match[1]!) ?? {}
    halves.set(match[1]!, { ...half, [match[2] === 'A' ? 'a' : 'b']: tensor })
  }
  if (halves.size === 0) throw new EngineError('bad_model', `${file} holds no tensors.`)
  return [...halves].map(([path, { a, b }]) => {
    if (!a || !b) throw new EngineError('bad_model', `${file} has only one of the two matrices of ${path}.`)
    if (a.shape[0] !== r || b.shape[1] !== r)
      throw new EngineError(
        'bad_model',
        `${file}: the matrices of ${path} are [${a.shape}] and [${b.shape}], but ${adapterConfigFile} says r = ${r}.`,
      )
    return { path, inputs: a.shape[1]!, outputs: b.shape[0]!, a, b }
  })
}

export type AdapterToWrite = {
  config: Omit<AdapterConfig, 'targetModules'> & {
    /** Last parts of module names, as peft matches them. Left out: every module by its whole path. */
    targetModules?: readonly string[]
  }
  modules: readonly {
    path: string
    inputs: number
    outputs: number
    /** [r, inputs] */
    a: Float32Array | (() => Promise<Float32Array>)
    /** [outputs, r] */
    b: Float32Array | (() => Promise<Float32Array>)
  }[]
}

/**
 * Writes both files into the folder, which is made where it is missing. Each file comes whole, the configuration last.
 * @throws EngineError `disk`
 */
export async function writeAdapter(folder: string, { config, modules }: AdapterToWrite): Promise<void> {
  await makeFolder(folder)
  const tensors = modules.flatMap(({ path, inputs, outputs, a, b }) => {
    const names = adapterTensorNames(path)
    const half = (name: string, shape: number[], values: typeof a) => ({
      name,
      shape,
      dtype: 'F32' as const,
      data: () => (typeof values === 'function' ? values() : values),
    })
    return [half(names.a, [config.r, inputs], a), half(names.b, [outputs, config.r], b)]
  })
  await writeSafetensors(join(folder, adapterWeightsFile), tensors)
  const targetModules = [...(config.targetModules ?? modules.map((module) => module.path))]
  const json = configToWrite({ ...config, targetModules })
  await writeTextWhole(join(folder, adapterConfigFile), `${JSON.stringify(json, null, 2)}\n`)
}
