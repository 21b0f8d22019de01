import { describe, expect, it } from 'vitest'
import { adviceFor } from './processor'
import { featuresIn } from './processor-features'

describe('features', () => {
  it.each([
    ['flags\t\t: fpu sse2 avx2 avx512f avx512_vnni amx_int8 amx_tile', ['AVX2', 'AVX-512', 'VNNI', 'AMX']],
    ['processor\t: 0\nflags : sse2 avx2 avx_vnni\n\nprocessor : 1\nflags : sse2', ['AVX2', 'VNNI']],
    ['Features\t: fp asimd asimddp i8mm', ['NEON', 'NEON dot product', 'int8 matrix product']],
    ['flags : fpu sse2', []],
    ['nothing of the kind', null],
  ])('%j', (text, features) => expect(featuresIn(text)).toEqual(features))
})

it('says which lane is fast', () => {
  expect(adviceFor({ float32: 100e9, int8: 160e9 })).toBe(
    'int8 runs 1.6 times as fast as fp32 here: LoRA over int8 is the fast lane.',
  )
  expect(adviceFor({ float32: 100e9, int8: 90e9 })).toMatch(/0\.9 times.*plain LoRA is the fast lane/)
})
