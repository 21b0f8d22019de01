// The shape of the bundled model: GPT-2's architecture (Radford et al. 2019), small enough to train on a laptop.
// L layers, D width, V vocabulary, P positions. D·V + D·P + L·(12·D² + 13·D) + 2·D = 3.8 million parameters.

export const endOfText = '<|endoftext|>'
export const vocabularySize = 2048
export const contextLength = 512
export const layers = 4
export const width = 256
export const heads = 8

/** `config.json` as transformers writes it for a GPT-2 model. */
export const config = {
  activation_function: 'gelu_new',
  architectures: ['GPT2LMHeadModel'],
  attn_pdrop: 0,
  bos_token_id: 0,
  embd_pdrop: 0,
  eos_token_id: 0,
  initializer_range: 0.02,
  layer_norm_epsilon: 1e-5,
  model_type: 'gpt2',
  n_embd: width,
  n_head: heads,
  n_inner: null,
  n_layer: layers,
  n_positions: contextLength,
  pad_token_id: 0,
  reorder_and_upcast_attn: false,
  resid_pdrop: 0,
  scale_attn_by_inverse_layer_idx: false,
  scale_attn_weights: true,
  tie_word_embeddings: true,
  torch_dtype: 'float32',
  use_cache: true,
  vocab_size: vocabularySize,
}

export const generationConfig = { bos_token_id: 0, eos_token_id: 0, pad_token_id: 0 }
