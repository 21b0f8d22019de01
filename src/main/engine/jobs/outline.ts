/** What an architecture consists of, found by building its forward pass once; no weight is needed for that. */
import { input } from '../graph/value'
import type { Model } from '../models'
import { tokenInputs } from '../nn/tokens'
import { type LinearLayer, weightsOf } from '../nn/weights'
import { EngineError } from '../protocol'
import type { Adapter, AdapterModule } from '../weights/peft'

export type Outline = {
  /** By path, in the model's order. The output head is none of them. */
  layers: ReadonlyMap<string, LinearLayer>
  /** Shapes of the tensors by name; a tied head is one of them. */
  tensors: ReadonlyMap<string, readonly number[]>
  /** The head that is the embedding again, where it is. */
  tied: { head: string; embedding: string } | null
}

export function outlineOf(model: Model): Outline {
  const layers = new Map<string, LinearLayer>()
  const tensors = new Map<string, readonly number[]>()
  let tied: Outline['tied'] = null
  const weights = weightsOf({
    tensors: (name, shape, tiedTo) => {
      tensors.set(name, shape)
      if (tiedTo) tied = { head: name, embedding: tiedTo }
      return input(name, 'float32', shape)
    },
    wrap: ({ apply }, layer) => {
      layers.set(layer.path, layer)
      return apply
    },
  })
  model.forward(weights, tokenInputs())
  model.head(weights)
  return { layers, tensors, tied }
}

export type FittingModule = AdapterModule & { layer: LinearLayer }

/** An adapter's modules with the layers they belong to. @throws EngineError `bad_model` when it is for another model. */
export function fitAdapter(
  { modules, replaced, tensors, folder }: Adapter,
  { layers, tensors: own }: Outline,
): FittingModule[] {
  for (const name of replaced) {
    const [found, expected] = [tensors.get(name)!.shape.join(', '), own.get(name)?.join(', ')]
    if (found !== expected)
      throw new EngineError(
        'bad_model',
        `${folder}: the adapter's ${name} [${found}] is no tensor of the model${expected === undefined ? '' : `, whose own is [${expected}]`}. It belongs to another model.`,
      )
  }
  return modules.map((module) => {
    const layer = layers.get(module.path)
    const [found, expected] = [`${module.inputs} → ${module.outputs}`, layer && `${layer.inputs} → ${layer.outputs}`]
    if (!layer || found !== expected)
      throw new EngineError(
        'bad_model',
        `${folder}: the adapter of ${module.path} (${found}) fits no layer of the model${layer ? `, whose own is ${expected}` : ''}. It belongs to another model.`,
      )
    return { ...module, layer }
  })
}
