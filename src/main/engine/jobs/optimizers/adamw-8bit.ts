/**
 * AdamW whose moments are kept in 8 bits, as bitsandbytes does (Dettmers et al. 2022, "8-bit optimizers via block-wise
 * quantization"): blocks of 256 values share a scale, and a code stands for one of 256 values whose steps are finer the
 * smaller they are. A quarter of AdamW's state. Tensors of fewer than 4,096 values keep their moments in float32.
 */
import type { Parameters, Stretch } from '../parameters'
import { type Codebook, dynamicCodebook } from './codebook'
import type { RuleSettings, StateTensor, UpdateRule } from './update-rule'

const blockSize = 256
const smallestQuantized = 4096

/** A tensor's two moments, in a form that lays `count` values from a place on into a block of floats, and takes them back. */
type Moments = { tensors: StateTensor[]; first: Moment; second: Moment }
type Moment = {
  read(from: number, count: number, into: Float32Array): void
  write(from: number, count: number, values: Float32Array): void
}

export function openAdamW8bit(parameters: Parameters, settings: RuleSettings): UpdateRule {
  const { stretches, decaying, weights, gradients } = parameters
  const signed = dynamicCodebook(true)
  const unsigned = dynamicCodebook(false)
  const moments = stretches.map((stretch) => momentsOf(stretch, signed, unsigned))
  return {
    state: moments.flatMap(({ tensors }) => tensors),
    async update({ number, learningRate, clip }) {
      const rates = ratesOf(settings, number, learningRate, clip)
      stretches.forEach(({ offset, length }, i) => {
        const keep = offset < decaying ? 1 - learningRate * settings.weightDecay : 1
        const w = weights.subarray(offset, offset + length)
        updateTensor(w, gradients.subarray(offset, offset + length), moments[i]!, { ...rates, keep })
      })
    },
    close: async () => undefined,
  }
}

type Rates = {
  beta1: number
  beta2: number
  epsilon: number
  clip: number
  stepSize: number
  root: number
  keep: number
}

function ratesOf({ beta1, beta2, epsilon }: RuleSettings, number: number, learningRate: number, clip: number) {
  return {
    beta1,
    beta2,
    epsilon,
    clip,
    stepSize: learningRate / (1 - beta1 ** number),
    root: 1 / Math.sqrt(1 - beta2 ** number),
  }
}

function updateTensor(w: Float32Array, g: Float32Array, { first, second }: Moments, rates: Rates) {
  const { m, v } = block
  for (let start = 0; start < w.length; start += blockSize) {
    const count = Math.min(blockSize, w.length - start)
    first.read(start, count, m)
    second.read(start, count, v)
    updateBlock(w, g, start, count, rates)
    first.write(start, count, m)
    second.write(start, count, v)
  }
}

/** The moments of the block at hand as floats. */
const block = { m: new Float32Array(blockSize), v: new Float32Array(blockSize) }

function updateBlock(w: Float32Array, g: Float32Array, start: number, count: number, rates: Rates) {
  const { beta1, beta2, epsilon, clip, stepSize, root, keep } = rates
  const { m, v } = block
  for (let i = 0; i < count; i++) {
    const slope = g[start + i]! * clip
    const newM = beta1 * m[i]! + (1 - beta1) * slope
    const newV = beta2 * v[i]! + (1 - beta2) * slope * slope
    w[start + i] = w[start + i]! * keep - (stepSize * newM) / (Math.sqrt(newV) * root + epsilon)
    m[i] = newM
    v[i] = newV
  }
}

function momentsOf(stretch: Stretch, signed: Codebook, unsigned: Codebook): Moments {
  const make = (number: 1 | 2, codebook: Codebook) =>
    stretch.length < smallestQuantized ? inFloats(stretch, number) : inCodes(stretch, number, codebook)
  const first = make(1, signed)
  const second = make(2, unsigned)
  return { tensors: [...first.tensors, ...second.tensors], first, second }
}

function inFloats({ name, shape, length }: Stretch, number: 1 | 2): Moment & { tensors: StateTensor[] } {
  const data = new Float32Array(length)
  return {
    tensors: [{ name: `state${number}/${name}`, shape, dtype: 'F32', data }],
    read: (from, count, into) => into.set(data.subarray(from, from + count)),
    write: (from, count, values) => data.set(values.subarray(0, count), from),
  }
}

function inCodes(stretch: Stretch, number: 1 | 2, codebook: Codebook): Moment & { tensors: StateTensor[] } {
  const { name, shape, length } = stretch
  const codes = new Uint8Array(length)
  const scales = new Float32Array(Math.ceil(length / blockSize))
  return {
    tensors: [
      { name: `state${number}/${name}`, shape, dtype: 'U8', data: codes },
      { name: `absmax${number}/${name}`, shape: [scales.length], dtype: 'F32', data: scales },
    ],
    read: (from, count, into) => codebook.decode(codes, from, count, scales[from / blockSize]!, into),
    write: (from, count, values) => {
      scales[from / blockSize] = codebook.encode(values, count, codes, from)
    },
  }
}
