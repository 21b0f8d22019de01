/**
 * GPT-2 (Radford et al. 2019). Names follow the checkpoint; its Conv1D layers store matrices as [inputs, outputs].
 * N tokens, D width, H heads, V vocabulary.
 */
import { z } from 'zod'
import type { Value } from '../graph/value'
import { attention } from '../nn/attention'
import { embedded } from '../nn/embedding'
import { throughLayers } from '../nn/layers'
import { modelDropped } from '../nn/model-dropout'
import type { Tokens } from '../nn/tokens'
import type { Weights } from '../nn/weights'
import { activations, add, gather, layerNorm, split } from '../ops'
import { architecture } from './architecture'
import { activation, count, epsilon, only, probability } from './fields'

const config = z
  .object({
    n_embd: count,
    n_layer: count,
    n_head: count,
    n_positions: count,
    vocab_size: count,
    n_inner: count.nullable().default(null),
    layer_norm_epsilon: epsilon.default(1e-5),
    activation_function: activation.default('gelu_new'),
    scale_attn_weights: z.boolean().default(true),
    scale_attn_by_inverse_layer_idx: z.boolean().default(false),
    /** Changes the order of operations in half precision only; in fp32 the result is the same. */
    reorder_and_upcast_attn: z.boolean().default(false),
    add_cross_attention: only(false, 'cross-attention'),
    tie_word_embeddings: z.boolean().default(true),
    attn_pdrop: probability,
    resid_pdrop: probability,
    embd_pdrop: probability,
  })
  .refine(({ n_embd, n_head }) => n_embd % n_head === 0, {
    path: ['n_embd'],
    error: 'is not a multiple of n_head, so the heads have no whole width.',
  })
type Config = z.infer<typeof config>

export const gpt2 = architecture({
  modelType: 'gpt2',
  config,
  shape: (c) => ({
    layers: c.n_layer,
    keyValueHeads: c.n_head,
    headSize: c.n_embd / c.n_head,
    contextLength: c.n_positions,
    vocabularySize: c.vocab_size,
  }),
  forward(weights, c, tokens) {
    const model = weights.at('transformer')
    const words = embedded(model.tensor('wte.weight', [c.vocab_size, c.n_embd]), tokens) // [N, D]
    const places = gather(model.tensor('wpe.weight', [c.n_positions, c.n_embd]), tokens.positions)
    const first = modelDropped(add(words, places), c.embd_pdrop, 0, tokens)
    const last = throughLayers(model.list('h', c.n_layer), first, tokens, (block, x, layer) => {
      const mixed = add(x, selfAttention(block.at('attn'), norm(block.at('ln_1'), x, c), c, layer, tokens))
      return add(mixed, feedForward(block.at('mlp'), norm(block.at('ln_2'), mixed, c), c, layer, tokens))
    })
    return norm(model.at('ln_f'), last, c)
  },
  head: (weights, c) => {
    const tiedTo = c.tie_word_embeddings ? 'transformer.wte.weight' : undefined
    return { matrix: weights.tensor('lm_head.weight', [c.vocab_size, c.n_embd], tiedTo) }
  },
  // The published gpt2 was saved without its head, and so without this prefix.
  aliases: (name) => (name.startsWith('transformer.') ? [name.slice('transformer.'.length)] : []),
})

const norm = (weights: Weights, x: Value, c: Config) =>
  layerNorm(x, weights.tensor('weight', [c.n_embd]), weights.tensor('bias', [c.n_embd]), c.layer_norm_epsilon)

function selfAttention(weights: Weights, x: Value, c: Config, layer: number, tokens: Tokens): Value {
  const D = c.n_embd
  const headSize = D / c.n_head
  const qkv = weights.linear('c_attn', { inputs: D, outputs: 3 * D, bias: true, stored: 'in-out' })(x)
  const [q, k, v] = split(qkv, 1, [D, D, D]) as [Value, Value, Value] // [N, D] each
  const scale = (c.scale_attn_weights ? headSize ** -0.5 : 1) / (c.scale_attn_by_inverse_layer_idx ? layer + 1 : 1)
  const mixed = attention(q, k, v, tokens, {
    heads: c.n_head,
    keyValueHeads: c.n_head,
    headSize,
    scale,
    dropout: c.attn_pdrop,
    layer,
  })
  const out = weights.linear('c_proj', { inputs: D, outputs: D, bias: true, stored: 'in-out' })(mixed)
  return modelDropped(out, c.resid_pdrop, 2 * layer + 1, tokens)
}

function feedForward(weights: Weights, x: Value, c: Config, layer: number, tokens: Tokens): Value {
  const D = c.n_embd
  const inner = c.n_inner ?? 4 * D
  const wide = weights.linear('c_fc', { inputs: D, outputs: inner, bias: true, stored: 'in-out' })(x) // [N, 4D]
  const active = activations[c.activation_function]!(wide)
  const out = weights.linear('c_proj', { inputs: inner, outputs: D, bias: true, stored: 'in-out' })(active)
  return modelDropped(out, c.resid_pdrop, 2 * layer + 2, tokens)
}
