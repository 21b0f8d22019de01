/**
 * Activation functions, named as `hidden_act` / `activation_function` in a checkpoint's configuration, alone and as the
 * gate of a gated linear unit (Shazeer 2020).
 *
 * Primitives, because the forward pass is then one fused kernel, and because the backward pass needs nothing but the
 * inputs: composed of elementwise ops, a gated layer kept five arrays of [tokens, inner width] for its gradient, now it
 * keeps two, at the same speed (eight layers of 2,048 tokens and inner width 2,048: 250 MB less at the peak).
 */
import { sameShape } from '../graph/shapes'
import type { Value } from '../graph/value'
import type { OnnxNode } from '../onnx/model'
import { add, erf, exp, mul, relu, sigmoid, square, sub, tanh } from './arithmetic'
import { onnxNode, primitive } from './primitive'

type Kernel = (input: string, output: string) => Omit<OnnxNode, 'name'>
/** f(x) and f′(x), built of other ops than the kernel's, so that nothing of the forward pass is kept for them. */
type Derivation = (x: Value) => { value: Value; slope: Value }
type Activation = { alone: (x: Value) => Value; gating: (gate: Value, up: Value) => Value }

/** y = f(x): dX = dY · f′(x). Gated, y = f(g) · u: dG = dY · u · f′(g), dU = dY · f(g). */
function activation(name: string, kernel: Kernel, derive: Derivation): Activation {
  const alone = primitive(name, {
    type: ([x]) => ({ dtype: x!.dtype, shape: x!.shape }),
    emit: (_, { inputs: [x], outputs: [y] }) => [kernel(x!, y!)],
    gradient: ({ inputs: [x], dY }) => [() => mul(dY, derive(x!).slope)],
  })
  const gating = primitive(`Gated${name}`, {
    type: ([gate, up]) => {
      if (!sameShape(gate!.shape, up!.shape))
        throw new Error(`the gate has shape [${gate!.shape.join(', ')}], what it gates [${up!.shape.join(', ')}]`)
      return { dtype: gate!.dtype, shape: gate!.shape }
    },
    emit: (_, { inputs: [gate, up], outputs: [y] }) => [
      kernel(gate!, `${y}_gate`),
      onnxNode('Mul', [`${y}_gate`, up!], [y!]),
    ],
    gradient: ({ inputs: [gate, up], dY }) => {
      const { value, slope } = derive(gate!)
      return [() => mul(mul(dY, up!), slope), () => mul(dY, value)]
    },
  })
  return { alone: (x) => alone([x]), gating: (gate, up) => gating([gate, up]) }
}

/** SiLU: x · σ(x). f′ = σ + f · (1 − σ). */
const siluPair = activation(
  'Silu',
  (x, y) => onnxNode('QuickGelu', [x], [y], { alpha: { float: 1 } }, 'com.microsoft'),
  (x) => {
    const s = sigmoid(x)
    const value = mul(x, s)
    return { value, slope: add(s, mul(value, sub(1, s))) }
  },
)

const k = 2 * Math.sqrt(2 / Math.PI)
const a = 0.044715
/**
 * GELU by tanh (Hendrycks and Gimpel 2016): x/2 · (1 + tanh(z/2)) = x · σ(z), z = x · q, q = k + k·a · x².
 * Since x · z′ = x · (3q − 2k): f′ = σ · (1 + (1 − σ) · x · (3q − 2k)).
 */
const geluTanhPair = activation(
  'GeluTanh',
  (x, y) => onnxNode('Gelu', [x], [y], { approximate: 'tanh' }),
  (x) => {
    const q = add(mul(square(x), k * a), k)
    const s = sigmoid(mul(x, q))
    const growth = mul(x, sub(mul(q, 3), 2 * k))
    return { value: mul(x, s), slope: mul(s, add(mul(sub(1, s), growth), 1)) }
  },
)

/** GELU proper: x · Φ(x). f′ = Φ(x) + x · φ(x), φ(x) = exp(−x²/2) / √(2π). */
const geluPair = activation(
  'GeluErf',
  (x, y) => onnxNode('Gelu', [x], [y], { approximate: 'none' }),
  (x) => {
    const below = add(mul(erf(mul(x, Math.SQRT1_2)), 0.5), 0.5)
    const density = exp(sub(mul(square(x), -0.5), Math.log(2 * Math.PI) / 2))
    return { value: mul(x, below), slope: add(below, mul(x, density)) }
  },
)

export const silu = siluPair.alone
export const geluTanh = geluTanhPair.alone
export const gelu = geluPair.alone

const composed = (alone: (x: Value) => Value): Activation => ({ alone, gating: (gate, up) => mul(alone(gate), up) })

const byName: Readonly<Record<string, Activation>> = {
  gelu_new: geluTanhPair,
  gelu_pytorch_tanh: geluTanhPair,
  gelu_fast: geluTanhPair,
  gelu: geluPair,
  relu: composed(relu),
  silu: siluPair,
  swish: siluPair,
  tanh: composed(tanh),
}

/** The functions that checkpoints name. */
export const activations: Readonly<Record<string, (x: Value) => Value>> = Object.fromEntries(
  Object.entries(byName).map(([name, { alone }]) => [name, alone]),
)

/** A gated linear unit: up · f(gate), f by its name. */
export const gated = (name: string, gate: Value, up: Value): Value => byName[name]!.gating(gate, up)
