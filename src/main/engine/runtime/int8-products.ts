/**
 * Whether this processor multiplies uint8 by int8 exactly. Processors without VNNI add two such products in 16 bits,
 * which saturate; uint8 by uint8 is exact on all of them, and no slower on those.
 */
import { openSession } from './session'

let known: Promise<boolean> | undefined

/** Asked of ONNX Runtime's own product with the largest factors; once in a process. */
export function signedProductsAreExact(): Promise<boolean> {
  known ??= probe()
  return known
}

const inner = 64
const largest = { uint8: 255, int8: 127 }

async function probe(): Promise<boolean> {
  const session = await openSession({
    name: 'int8-products',
    nodes: [
      { op: 'MatMulInteger', domain: '', name: 'product', inputs: ['a', 'b'], outputs: ['sums'], attributes: {} },
      // The factors are fed as int32, the only whole numbers that a session takes from a caller.
      { op: 'Cast', domain: '', name: 'a', inputs: ['aWide'], outputs: ['a'], attributes: { to: 2 } },
      { op: 'Cast', domain: '', name: 'b', inputs: ['bWide'], outputs: ['b'], attributes: { to: 3 } },
    ],
    initializers: [],
    inputs: [
      { name: 'aWide', dtype: 'int32', shape: [1, inner] },
      { name: 'bWide', dtype: 'int32', shape: [inner, 1] },
    ],
    outputs: [{ name: 'sums', dtype: 'int32', shape: [1, 1] }],
  })
  try {
    const { sums } = await session.run({
      aWide: { data: new Int32Array(inner).fill(largest.uint8), shape: [1, inner] },
      bWide: { data: new Int32Array(inner).fill(largest.int8), shape: [inner, 1] },
    })
    return Number(sums!.data[0]) === inner * largest.uint8 * largest.int8
  } finally {
    await session.close()
  }
}
