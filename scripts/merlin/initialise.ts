// Writes a randomly initialised GPT-2 checkpoint: `npx tsx scripts/merlin/initialise.ts --output DIR --seed S`.
// As GPT-2 does: weights normal with deviation 0.02, projections back into the residual stream scaled by 1/√(2·L), biases 0, norms 1.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { makeFolder, writeTextWhole } from '../../src/main/engine/files/whole'
import { writeSafetensors } from '../../src/main/engine/weights/safetensors-writer'
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

/** Writes `config.json`, `generation_config.json` and, last, `model.safetensors` in F32 into the folder. */
export async function initialise(folder: string, seed: number): Promise<void> {
  await makeFolder(folder)
  await writeTextWhole(join(folder, 'config.json'), `${JSON.stringify(config, null, 2)}\n`)
  await writeTextWhole(join(folder, 'generation_config.json'), `${JSON.stringify(generationConfig, null, 2)}\n`)
  const tensors = [...initialTensors(seed)].map(([name, { shape, values }]) => ({
    name,
    shape,
    dtype: 'F32' as const,
    data: () => values,
  }))
  await writeSafetensors(join(folder, 'model.safetensors'), tensors)
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({ options: { output: { type: 'string' }, seed: { type: 'string' } } })
  if (!values.output) throw new Error('initialise: --output is missing; give the folder to write')
  await initialise(values.output, wholeNumber('--seed', values.seed ?? '1'))
}
