/** Reads an exported PEFT adapter as a stranger would, without a line of the product's own reader. */
import { expect } from 'vitest'

type Header = Record<string, { dtype: string; shape: number[]; data_offsets: [number, number] }>

/** Header of a safetensors file: eight bytes of length (little endian), then JSON. */
function headerOf(bytes: Uint8Array): Header {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
  const { __metadata__: _, ...header } = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)))
  const end = Math.max(...Object.values(header as Header).map(({ data_offsets }) => data_offsets[1]))
  expect(bytes.byteLength).toBe(8 + length + end)
  return header
}

/** Expects LoRA of rank 16 on every linear layer of the tiny GPT-2 (two blocks, width 32), named as peft names it. */
export function expectAdapter(config: Uint8Array, weights: Uint8Array): void {
  expect(JSON.parse(new TextDecoder().decode(config))).toMatchObject({
    peft_type: 'LORA',
    task_type: 'CAUSAL_LM',
    r: 16,
    lora_alpha: 32,
    fan_in_fan_out: true,
  })
  const expected = [0, 1].flatMap((block) =>
    Object.entries(layers).flatMap(([layer, [inner, outer]]) => {
      const name = `base_model.model.transformer.h.${block}.${layer}`
      return [
        [`${name}.lora_A.weight`, [16, inner]],
        [`${name}.lora_B.weight`, [outer, 16]],
      ]
    }),
  )
  const header = headerOf(weights)
  expect(Object.fromEntries(Object.entries(header).map(([name, { shape }]) => [name, shape]))).toEqual(
    Object.fromEntries(expected),
  )
}

/** Inputs and outputs of a block's linear layers. */
const layers: Record<string, [number, number]> = {
  'attn.c_attn': [32, 96],
  'attn.c_proj': [32, 32],
  'mlp.c_fc': [32, 128],
  'mlp.c_proj': [128, 32],
}
