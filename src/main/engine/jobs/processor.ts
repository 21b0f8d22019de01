/**
 * How fast this processor multiplies matrices, in fp32 and in int8 with activations quantized on the fly: the two lanes
 * that training can take. Measured through ONNX Runtime, as a run would do it.
 */
import type { z } from 'zod'
import type { OnnxModel, OnnxTensor } from '../onnx/model'
import type { ProcessorEvent, ProcessorSpec } from '../protocol'
import { openSession } from '../runtime/session'
import type { Control } from './control'

/** x [tokens, inputs] · W [inputs, outputs], about a layer of a small model. */
const tokens = 512
const inputs = 1024
const outputs = 1024
const operations = 2 * tokens * inputs * outputs

export async function* measureProcessor(
  { milliseconds }: ProcessorSpec,
  control: Control,
): AsyncGenerator<z.infer<typeof ProcessorEvent>> {
  const float32 = await rateOf(floatProduct(), milliseconds)
  await control.breathe()
  if (control.stopping) return
  const int8 = await rateOf(integerProduct(), milliseconds)
  yield { type: 'done', rates: { float32, int8 } }
}

/** Operations a second at the best of the runs: what else the machine does only ever slows one down. */
async function rateOf(model: OnnxModel, milliseconds: number): Promise<number> {
  const session = await openSession(model, { prepack: true })
  const x = { data: Float32Array.from({ length: tokens * inputs }, (_, i) => Math.sin(i)), shape: [tokens, inputs] }
  const y = { data: new Float32Array(tokens * outputs), shape: [tokens, outputs] }
  let best = Number.POSITIVE_INFINITY
  try {
    for (const began = performance.now(); performance.now() - began < milliseconds; ) {
      const start = performance.now()
      await session.run({ x }, { y })
      best = Math.min(best, performance.now() - start)
    }
  } finally {
    await session.close()
  }
  return operations / (best / 1000)
}

const floatProduct = (): OnnxModel =>
  productModel('MatMul', '', ['x', 'w'], [floats('w', [inputs, outputs], (i) => Math.cos(i))])

const integerProduct = (): OnnxModel =>
  productModel(
    'DynamicQuantizeMatMul',
    'com.microsoft',
    ['x', 'w', 'scale'],
    [
      {
        name: 'w',
        dtype: 'int8',
        shape: [inputs, outputs],
        bytes: Uint8Array.from({ length: inputs * outputs }, (_, i) => Math.round(127 * Math.cos(i))),
      },
      floats('scale', [outputs], () => 1 / 127),
    ],
  )

const productModel = (op: string, domain: string, names: string[], initializers: OnnxTensor[]): OnnxModel => ({
  name: 'product',
  nodes: [{ op, domain, name: 'product', inputs: names, outputs: ['y'], attributes: {} }],
  initializers,
  inputs: [{ name: 'x', dtype: 'float32', shape: [tokens, inputs] }],
  outputs: [{ name: 'y', dtype: 'float32', shape: [tokens, outputs] }],
})

function floats(name: string, shape: number[], value: (index: number) => number): OnnxTensor {
  const length = shape.reduce((product, side) => product * side, 1)
  const { buffer } = Float32Array.from({ length }, (_, i) => value(i))
  return { name, dtype: 'float32', shape, bytes: new Uint8Array(buffer) }
}
