/** An architecture that is the decoder most families share: its file says only what its configuration means for a layer. */
import type { z } from 'zod'
import { decoder } from '../nn/decoder'
import type { SelfAttentionShape } from '../nn/self-attention'
import { type Architecture, architecture } from './architecture'
import {
  attentionShape,
  type DecoderConfig,
  decoderShape,
  headOf,
  mlpShape,
  modelShape,
  withoutPrefix,
} from './decoder-config'

type DecoderModel<Config extends DecoderConfig> = {
  modelType: string
  config: z.ZodType<Config>
  /** What a layer's attention has beside what the sizes decide. */
  attention(
    config: NoInfer<Config>,
    layer: number,
  ): Pick<SelfAttentionShape, 'bias'> & Partial<Pick<SelfAttentionShape, 'window' | 'norm'>>
  /** Whether the MLP's products have biases. */
  mlpBias?(config: NoInfer<Config>): boolean
}

export const decoderModel = <Config extends DecoderConfig>({
  modelType,
  config,
  attention,
  mlpBias = () => false,
}: DecoderModel<Config>): Architecture<Config> =>
  architecture({
    modelType,
    config,
    shape: modelShape,
    forward: (weights, c: Config, tokens) =>
      decoder(weights.at('model'), tokens, {
        ...decoderShape(c),
        attention: (layer) => ({ ...attentionShape(c, layer), ...attention(c, layer) }),
        mlp: mlpShape(c, mlpBias(c)),
      }),
    head: headOf,
    aliases: withoutPrefix,
  })
