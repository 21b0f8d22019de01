// Writes a randomly initialised GPT-2 checkpoint: `npx tsx scripts/merlin/initialise.ts --output DIR --seed S`.
// As GPT-2 does: weights normal with deviation 0.02, projections back into the residual stream scaled by 1/√(2·L), biases 0, norms 1.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Random } from './corpus/random'
import { wholeNumber } from './options'
import { config, contextLength, generationConfig, layers, vocabularySize, width } from './shape'

interface Tensor {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

const elements = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1)

/** All tensors of the checkpoint under the names of transformers' GPT2LMHeadModel; the head is tied to `wte` and not stored. */
export function initialTensors(seed: number): Map<string, Tensor> {
  const random = new Random(seed, 0x6d65726c)
  const constant = (value: number, ...shape: number[]): Tensor => ({
    shape,
    values: new Float32Array(elements(shape)).fill(value),
  })
  const normal = (deviation: number, ...shape: number[]): Tensor => ({
    shape,
    values: Float32Array.from({ length: elements(shape) }, () => deviation * random.normal()),
  })
  const deviation = config.initializer_range
  const residual = deviation / Math.sqrt(2 * layers)
  const tensors = new Map<string, Tensor>()
  const norm = (name: string) =>
    tensors.set(`${name}.weight`, constant(1, width)).set(`${name}.bias`, constant(0, width))
  const linear = (name: string, input: number, output: number, spread: number) =>
    tensors.set(`${name}.weight`, normal(spread, input, output)).set(`${name}.bias`, constant(0, output)) // Conv1D: [in, out]
  tensors.set('transformer.wte.weight', normal(deviation, vocabularySize, width))
  tensors.set('transformer.wpe.weight', normal(deviation, contextLength, width))
  for (let layer = 0; layer < layers; layer++) {
    const block = `transformer.h.${layer}`
    norm(`${block}.ln_1`)
    linear(`${block}.attn.c_attn`, width, 3 * width, deviation)
    linear(`${block}.attn.c_proj`, width, width, residual)
    norm(`${block}.ln_2`)
    linear(`${block}.mlp.c_fc`, width, 4 * width, deviation)
    linear(`${block}.mlp.c_proj`, 4 * width, width, residual)
  }
  norm('transformer.ln_f')
  return tensors
}

/** The bytes of a safetensors file in F32: header length (8 bytes, little-endian), JSON header padded to 8, tensor data. */
function safetensors(tensors: ReadonlyMap<string, Tensor>): Buffer {
  let end = 0
  const header: Record<string, object> = { __metadata__: { format: 'pt' } }
  for (const [name, { shape, values }] of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [end, end + values.byteLength] }
    end += values.byteLength
  }
  const text = JSON.stringify(header)
  const padded = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(padded.length))
  return Buffer.concat([length, padded, ...[...tensors.values()].map(({ values }) => Buffer.from(values.buffer))])
}

/** Writes `model.safetensors`, `config.json` and `generation_config.json` into the folder, the weights last. */
export function initialise(folder: string, seed: number): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'config.json'), `${JSON.stringify(config, null, 2)}\n`)
  writeFileSync(join(folder, 'generation_config.json'), `${JSON.stringify(generationConfig, null, 2)}\n`)
  const unfinished = join(folder, 'model.safetensors.unfinished')
  writeFileSync(unfinished, safetensors(initialTensors(seed)))
  renameSync(unfinished, join(folder, 'model.safetensors'))
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({ options: { output: { type: 'string' }, seed: { type: 'string' } } })
  if (!values.output) throw new Error('initialise: --output is missing; give the folder to write')
  initialise(values.output, wholeNumber('--seed', values.seed ?? '1'))
}
