/** The element types a safetensors file may hold. Source: huggingface/safetensors, the format's description. */

export const dtypeBytes = {
  F64: 8,
  I64: 8,
  U64: 8,
  C64: 8,
  F32: 4,
  I32: 4,
  U32: 4,
  F16: 2,
  BF16: 2,
  I16: 2,
  U16: 2,
  F8_E4M3: 1,
  F8_E5M2: 1,
  F8_E8M0: 1,
  I8: 1,
  U8: 1,
  BOOL: 1,
} as const

export type Dtype = keyof typeof dtypeBytes
/** The types that weights may have: those that widen to F32 or are it. */
export type FloatDtype = 'F32' | 'F16' | 'BF16'

export const isDtype = (name: unknown): name is Dtype => typeof name === 'string' && Object.hasOwn(dtypeBytes, name)
export const isFloat = (dtype: Dtype): dtype is FloatDtype => dtype === 'F32' || dtype === 'F16' || dtype === 'BF16'
/** Floating point, but not one of ours. */
export const isOtherFloat = (dtype: Dtype): boolean => dtype === 'F64' || dtype === 'C64' || dtype.startsWith('F8')

export const elementsIn = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1)
