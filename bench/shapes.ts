/** The models that the benchmarks know, by name. */
import { type Gpt2Shape, gpt2Model } from './gpt2-model'
import { type LlamaShape, llamaModel } from './llama-model'

const gpt2: Gpt2Shape = { layers: 12, width: 768, heads: 12, positions: 1024 }
const tiny: Gpt2Shape = { layers: 2, width: 64, heads: 4, positions: 1024 }
const llama: LlamaShape = { layers: 12, width: 768, heads: 12, keyValueHeads: 4, inner: 2048, positions: 1024 }
/** TinyLlama's (Zhang et al. 2024). */
const tinyLlama1B: LlamaShape = { layers: 22, width: 2048, heads: 32, keyValueHeads: 4, inner: 5632, positions: 2048 }

export const shapes = {
  gpt2: gpt2Model('GPT-2 of 124 million parameters', gpt2),
  llama: llamaModel('Llama of 12 layers, width 768, 32,000 tokens', llama, 'F32'),
  'llama-1b': llamaModel('Llama of 1.1 billion parameters', tinyLlama1B, 'BF16'),
  tiny: gpt2Model('tiny GPT-2', tiny),
  'tiny-llama': llamaModel(
    'tiny Llama',
    { layers: 2, width: 64, heads: 4, keyValueHeads: 2, inner: 128, positions: 1024 },
    'BF16',
  ),
}
export type ShapeName = keyof typeof shapes
export const shapeNames = Object.keys(shapes) as ShapeName[]

/** GPT-2s whose number of layers can be chosen. */
const anyDepth = { gpt2, tiny }
export type AnyDepthName = keyof typeof anyDepth
export const anyDepthNames = Object.keys(anyDepth) as AnyDepthName[]
export const ofDepth = (name: AnyDepthName, layers: number) =>
  gpt2Model(`${name === 'tiny' ? 'tiny ' : ''}GPT-2 of ${layers} layers`, { ...anyDepth[name], layers })
