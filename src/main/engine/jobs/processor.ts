/**
 * How fast this processor multiplies matrices, in fp32 and in int8 with activations quantized on the fly: the two lanes
 * that training can take. Measured through ONNX Runtime, as a run would do it.
 */
import type { z } from 'zod'
import { toModel } from '../graph/compile'
import { constant, input, type Value } from '../graph/value'
import { int8Product, matmul } from '../ops'
import type { ProcessorEvent, ProcessorSpec } from '../protocol'
import { signedProductsAreExact } from '../runtime/int8-products'
import { openSession } from '../runtime/session'
import type { Control } from './control'

/** x [tokens, inputs] · W [inputs, outputs], about a layer of a small model, by the ops that training uses. */
const tokens = 512
const inputs = 1024
const outputs = 1024
const operations = 2 * tokens * inputs * outputs

export async function* measureProcessor(
  { milliseconds }: ProcessorSpec,
  control: Control,
): AsyncGenerator<z.infer<typeof ProcessorEvent>> {
  const signed = await signedProductsAreExact()
  const lanes = [await openLane(floatProduct), await openLane((x) => integerProduct(x, signed))] as const
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

async function openLane(product: (x: Value) => Value): Promise<Lane> {
  const session = await openSession(toModel('product', { y: product(input('x', 'float32', ['N', inputs])) }))
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

const values = (count: number, value: (index: number) => number) => Array.from({ length: count }, (_, i) => value(i))

const floatProduct = (x: Value): Value => matmul(x, constant(values(inputs * outputs, Math.cos), [inputs, outputs]))

function integerProduct(x: Value, signed: boolean): Value {
  const codes = values(inputs * outputs, (i) => Math.round(127 * Math.cos(i)) + (signed ? 0 : 128))
  const matrix = constant(codes, [inputs, outputs], signed ? 'int8' : 'uint8')
  return int8Product(x, { matrix, scales: constant(values(outputs, () => 1 / 127)) })
}
