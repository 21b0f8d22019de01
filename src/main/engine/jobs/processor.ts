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
  const lanes = [await openLane(floatProduct()), await openLane(integerProduct())] as const
  try {
    // In turn, so that what else the machine does meets both alike.
    for (const began = performance.now(); performance.now() - began < 2 * milliseconds; ) {
      for (const lane of lanes) await lane.run()
      await control.breathe()
      if (control.stopping) return
    }
  } finally {
    for (const lane of lanes) await lane.close()
  }
  const [float32, int8] = lanes
  yield { type: 'done', rates: { float32: float32.rate(), int8: int8.rate() } }
}

type Lane = {
  run(): Promise<void>
  /** Operations a second at the best of the runs: other work only ever slows one down. */
  rate(): number
  close(): Promise<void>
}

async function openLane(model: OnnxModel): Promise<Lane> {
  const session = await openSession(model, { prepack: true })
  const x = { data: Float32Array.from({ length: tokens * inputs }, (_, i) => Math.sin(i)), shape: [tokens, inputs] }
  const y = { data: new Float32Array(tokens * outputs), shape: [tokens, outputs] }
  let best = Number.POSITIVE_INFINITY
  return {
    async run() {
      const start = performance.now()
      await session.run({ x }, { y })
      best = Math.min(best, performance.now() - start)
    },
    rate: () => operations / (best / 1000),
    close: () => session.close(),
  }
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
