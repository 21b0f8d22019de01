import { expect, it } from 'vitest'
import type { OnnxModel } from '../onnx/model'
import { openSession } from './session'

/** Sums `length` ones, after writing them all to memory. */
const summing: OnnxModel = {
  name: 'summing',
  nodes: [
    { op: 'Expand', domain: '', name: 'expand', inputs: ['one', 'length'], outputs: ['ones'], attributes: {} },
    { op: 'ReduceSum', domain: '', name: 'sum', inputs: ['ones'], outputs: ['total'], attributes: { keepdims: 0 } },
  ],
  initializers: [],
  inputs: [
    { name: 'one', dtype: 'float32', shape: [1] },
    { name: 'length', dtype: 'int64', shape: [1] },
  ],
  outputs: [{ name: 'total', dtype: 'float32', shape: [] }],
}
const feeds = (length: bigint) => ({
  one: { data: Float32Array.of(1), shape: [1] },
  length: { data: BigInt64Array.of(length), shape: [1] },
})

it('says that memory ran out, and goes on with what fits', async () => {
  const session = await openSession(summing)
  // Four pebibytes: more than a process can address, whatever the machine has.
  await expect(session.run(feeds(2n ** 50n))).rejects.toMatchObject({
    code: 'out_of_memory',
    message: expect.stringMatching(/^The engine ran out of memory: try a smaller batch size/),
  })
  expect((await session.run(feeds(1000n))).total!.data).toEqual(Float32Array.of(1000))
  await session.close()
})

it('does not blame memory for what ONNX Runtime refuses', async () => {
  const unknown = { ...summing, nodes: [{ ...summing.nodes[0]!, op: 'Nonesuch', outputs: ['total'] }] }
  await expect(openSession(unknown)).rejects.toMatchObject({ code: 'internal' })
})
