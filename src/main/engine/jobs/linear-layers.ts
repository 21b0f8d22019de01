/** The linear layers of an architecture, found by building its forward pass once; no weight is needed for that. */
import { input } from '../graph/value'
import type { Model } from '../models'
import { tokenInputs } from '../nn/tokens'
import { type LinearLayer, weightsOf } from '../nn/weights'
import { EngineError } from '../protocol'
import type { Adapter, AdapterModule } from '../weights/peft'

/** By path, in the model's order. The output head is none of them. */
export function linearLayers(model: Model): Map<string, LinearLayer> {
  const layers = new Map<string, LinearLayer>()
  const weights = weightsOf({
    tensors: (name, shape) => input(name, 'float32', shape),
    wrap: ({ apply }, layer) => {
      layers.set(layer.path, layer)
      return apply
    },
  })
  model.forward(weights, tokenInputs())
  return layers
}

export type FittingModule = AdapterModule & { layer: LinearLayer }

/** An adapter's modules with the layers they belong to. @throws EngineError `bad_model` when it is for another model. */
export function fitAdapter({ modules, folder }: Adapter, model: Model): FittingModule[] {
  const layers = linearLayers(model)
  return modules.map((module) => {
    const layer = layers.get(module.path)
    const [own, other] = [`${module.inputs} → ${module.outputs}`, layer && `${layer.inputs} → ${layer.outputs}`]
    if (!layer || own !== other)
      throw new EngineError(
        'bad_model',
        `${folder}: the adapter of ${module.path} (${own}) fits no layer of the model${layer ? `, whose own is ${other}` : ''}. It belongs to another model.`,
      )
    return { ...module, layer }
  })
}
