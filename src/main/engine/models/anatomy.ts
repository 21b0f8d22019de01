/**
 * What a model is made of, found by building its forward pass and its head once; no weight is read for that. The
 * counts hold for every architecture, since each says itself which tensors and linear layers it asks for.
 */
import type { ModelNumbers } from '../../../shared/training-cost'
import { times } from '../graph/shapes'
import { input } from '../graph/value'
import { tokenInputs } from '../nn/tokens'
import { type LinearLayer, weightsOf } from '../nn/weights'
import type { Model } from './architecture'

export type Anatomy = {
  /** Shape of each tensor of the checkpoint, by name; a head that is the embedding again is none. */
  tensors: ReadonlyMap<string, readonly number[]>
  /** The head that is the embedding again, where it is. */
  tied: { head: string; embedding: string } | null
  /** In the model's order; the output head is none of them. */
  linears: readonly LinearLayer[]
  /** Width of the hidden state. */
  width: number
}

export function anatomyOf(model: Model): Anatomy {
  const tensors = new Map<string, readonly number[]>()
  const linears: LinearLayer[] = []
  let tied: Anatomy['tied'] = null
  const weights = weightsOf({
    tensors: (name, shape, tiedTo) => {
      if (tiedTo) tied = { head: name, embedding: tiedTo }
      else tensors.set(name, shape)
      return input(name, 'float32', shape)
    },
    wrap: ({ apply }, layer) => {
      linears.push(layer)
      return apply
    },
  })
  const hidden = model.forward(weights, tokenInputs())
  model.head(weights)
  return { tensors, tied, linears, width: Number(hidden.shape[1]) }
}

/** With a tied head among them: one that is trained apart has values of its own. */
export const tensorsAndHead = ({ tensors, tied }: Anatomy): ReadonlyMap<string, readonly number[]> =>
  tied ? new Map([...tensors, [tied.head, tensors.get(tied.embedding)!]]) : tensors

const total = (values: Iterable<number>) => [...values].reduce((sum, value) => sum + value, 0)

/** How many parameters the model has. */
export const parametersOf = ({ tensors }: Anatomy): number =>
  total([...tensors.values()].map((shape) => Number(times(shape))))

/** The figures that the cost of training follows from. */
export function numbersOf(model: Model, anatomy: Anatomy): ModelNumbers {
  const { linears, width } = anatomy
  const { layers, headSize, vocabularySize } = model.shape
  const sizes = linears.map(({ inputs, outputs }) => inputs * outputs)
  return {
    parameters: parametersOf(anatomy),
    linearParameters: total(sizes),
    largestMatrix: Math.max(0, ...sizes),
    linearInputs: total(linears.map(({ inputs }) => inputs)),
    linearOutputs: total(linears.map(({ outputs }) => outputs)),
    layers,
    width,
    heads: Math.max(1, Math.round(width / headSize)),
    vocabulary: vocabularySize,
  }
}
