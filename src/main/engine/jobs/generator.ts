/**
 * One model ready to write: a graph with a key/value cache that takes a prompt in one pass and then a token at a time.
 * P tokens in the cache, T new ones.
 */
import { toModel } from '../graph/compile'
import { input, type Value } from '../graph/value'
import { logitsOf } from '../nn/head'
import { type KeyValue, tokenInputs } from '../nn/tokens'
import { gather } from '../ops'
import { type HostTensor, openSession, type Tensors } from '../runtime/session'
import type { OpenModel } from './open-model'
import { layoutOf } from './token-layout'
import type { WeightView } from './trainable'

export type Generator = {
  /** Begins with an empty cache. `next` takes new ids and answers the logits [V] of what follows the last one. */
  begin(): { next(ids: readonly number[]): Promise<Float32Array> }
  close(): Promise<void>
}

/** `fixed`: weights that the view takes as inputs (adapters, or weights in training). */
export async function openGenerator(
  open: OpenModel,
  view: WeightView,
  fixed: Tensors,
  options: { prepack: boolean },
): Promise<Generator> {
  const { layers, keyValueHeads, headSize, rereadBeyond } = open.model.shape
  const session = await openSession(generationGraph(open, view), {
    folder: open.weights.folder,
    prepack: options.prepack,
  })
  const empty: HostTensor = { data: new Float32Array(0), shape: [1, keyValueHeads, 0, headSize] }
  return {
    begin() {
      const nothing = cacheOf(
        layers,
        () => empty,
        () => empty,
      )
      let past = nothing
      let length = 0
      const read: number[] = []
      return {
        async next(fresh) {
          read.push(...fresh)
          const again = rereadBeyond && length <= rereadBeyond && read.length > rereadBeyond
          if (again) [past, length] = [nothing, 0]
          const ids = again ? read : fresh
          const feeds = { ...fixed, ...past, ...feedsOf(ids, length) }
          const { logits, ...present } = await session.run(feeds)
          past = cacheOf(
            layers,
            (i) => present[`present.${i}.key`]!,
            (i) => present[`present.${i}.value`]!,
          )
          length += ids.length
          return logits!.data as Float32Array
        },
      }
    },
    close: () => session.close(),
  }
}

function cacheOf(layers: number, key: (layer: number) => HostTensor, value: (layer: number) => HostTensor): Tensors {
  const entries = Array.from({ length: layers }, (_, i) => [
    [`past.${i}.key`, key(i)],
    [`past.${i}.value`, value(i)],
  ]).flat()
  return Object.fromEntries(entries)
}

function feedsOf(ids: readonly number[], length: number): Tensors {
  const keys = length + ids.length
  return {
    ...layoutOf([ids.length], { firstPosition: length, blocks: 1 }).feeds,
    ids: { data: BigInt64Array.from(ids, BigInt), shape: [ids.length] },
    rowLengths: { data: new Float32Array(ids.length).fill(keys), shape: [ids.length] },
    keyPlaces: { data: Int32Array.from({ length: keys }, (_, i) => i), shape: [keys] },
    targets: { data: BigInt64Array.of(BigInt(ids.length - 1)), shape: [1] },
  }
}

function generationGraph({ model }: OpenModel, view: WeightView) {
  const { layers, keyValueHeads, headSize } = model.shape
  const cached = (name: string): Value => input(name, 'float32', [1, keyValueHeads, 'P', headSize])
  const past: KeyValue[] = Array.from({ length: layers }, (_, i) => ({
    key: cached(`past.${i}.key`),
    value: cached(`past.${i}.value`),
  }))
  const tokens = tokenInputs({ cache: past })
  const weights = view(null)
  const hidden = model.forward(weights, tokens)
  const logits = logitsOf(gather(hidden, input('targets', 'int64', ['M'])), model.head(weights))
  const present = tokens.cache!.present.flatMap(({ key, value }, i) => [
    [`present.${i}.key`, key],
    [`present.${i}.value`, value],
  ])
  return toModel('generation', { logits, ...Object.fromEntries(present) })
}
