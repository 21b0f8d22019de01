import { expect, it } from 'vitest'
import { addLowRank, rescaleOutputs } from './merge'

// r = 2, 3 inputs, 2 outputs; B·A by hand.
const a = Float32Array.of(1, 2, 3, 4, 5, 6) // [r, inputs]
const b = Float32Array.of(1, 10, 0, -1) // [outputs, r]
const product = [41, 52, 63, -4, -5, -6] // [outputs, inputs]
const adapter = { a, b, r: 2, inputs: 3, outputs: 2, scale: 0.5 }

it('adds to a matrix that is stored [outputs, inputs]', () => {
  const matrix = new Float32Array(6).fill(100)
  addLowRank(matrix, adapter, 'out-in')
  expect([...matrix]).toEqual(product.map((value) => 100 + value / 2))
})

it('adds the transpose to one that is stored [inputs, outputs]', () => {
  const matrix = new Float32Array(6).fill(100)
  addLowRank(matrix, adapter, 'in-out')
  const at = (output: number, input: number) => 100 + product[output * 3 + input]! / 2
  expect([...matrix]).toEqual([at(0, 0), at(1, 0), at(0, 1), at(1, 1), at(0, 2), at(1, 2)])
})

it('gives the rows of outputs the lengths of a magnitude vector', () => {
  const shape = { inputs: 3, outputs: 2 }
  const byOutput = Float32Array.of(3, 0, 4, 0, -2, 0) // rows of length 5 and 2
  rescaleOutputs(byOutput, Float32Array.of(10, 1), { ...shape, stored: 'out-in' })
  expect([...byOutput]).toEqual([6, 0, 8, 0, -1, 0])
  const byInput = Float32Array.of(3, 0, 0, -2, 4, 0)
  rescaleOutputs(byInput, Float32Array.of(10, 1), { ...shape, stored: 'in-out' })
  expect([...byInput]).toEqual([6, 0, 0, -1, 8, 0])
})
