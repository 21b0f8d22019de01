/**
 * Adafactor (Shazeer and Stern 2018) with a given learning rate, as the Trainer sets it up: neither momentum nor scaling
 * by the weights' size (`scale_parameter` and `relative_step` off). Of a matrix [R, C], second moments are kept for rows
 * and columns alone, so the state is next to nothing. Source: transformers.optimization.Adafactor.
 */
import type { Parameters, Stretch } from '../parameters'
import type { RuleSettings, StateTensor, UpdateRule } from './update-rule'

/** Added to squared gradients, and the largest root mean square of an update. */
const epsilon = 1e-30
const largestUpdate = 1
/** β₂ of step t is 1 − t^−0.8. */
const decayPower = -0.8

type Moments = { rows: Float32Array; columns: Float32Array }

export function openAdafactor(parameters: Parameters, { weightDecay }: Pick<RuleSettings, 'weightDecay'>): UpdateRule {
  const { stretches, decaying, weights, gradients } = parameters
  const moments = stretches.map(momentsOf)
  return {
    state: stretches.flatMap((stretch, i) => stateTensors(stretch, moments[i]!)),
    async update({ number, learningRate, clip }) {
      const beta = 1 - number ** decayPower
      stretches.forEach(({ offset, length }, i) => {
        const keep = offset < decaying ? 1 - learningRate * weightDecay : 1
        const w = weights.subarray(offset, offset + length)
        const g = gradients.subarray(offset, offset + length)
        follow(moments[i]!, g, beta, clip)
        applyUpdate(w, g, factorsOf(moments[i]!), { keep, learningRate, clip })
      })
    },
    close: async () => undefined,
  }
}

/** A vector is a matrix of one row: its row's factor is 1, and its columns are the vector's own second moments. */
const momentsOf = ({ shape, length }: Stretch): Moments => {
  const columns = shape.at(-1) ?? 1
  return { rows: new Float32Array(length / columns), columns: new Float32Array(columns) }
}

const isMatrix = ({ shape }: Stretch) => shape.length >= 2

function stateTensors(stretch: Stretch, { rows, columns }: Moments): StateTensor[] {
  const tensor = (kind: string, data: Float32Array): StateTensor => ({
    name: `${kind}/${stretch.name}`,
    shape: [data.length],
    dtype: 'F32',
    data,
  })
  if (!isMatrix(stretch)) return [tensor('exp_avg_sq', columns)]
  return [tensor('exp_avg_sq_row', rows), tensor('exp_avg_sq_col', columns)]
}

/** Moves the moments towards the means of the squared gradient's rows and columns. */
function follow({ rows, columns }: Moments, g: Float32Array, beta: number, clip: number) {
  const [R, C] = [rows.length, columns.length]
  const sums = new Float64Array(C)
  for (let r = 0, i = 0; r < R; r++) {
    let sum = 0
    for (let c = 0; c < C; c++, i++) {
      const square = (g[i]! * clip) ** 2 + epsilon
      sum += square
      sums[c] = sums[c]! + square
    }
    rows[r] = beta * rows[r]! + (1 - beta) * (sum / C)
  }
  for (let c = 0; c < C; c++) columns[c] = beta * columns[c]! + (1 - beta) * (sums[c]! / R)
}

/** What a gradient is multiplied with: 1 / √(row · column / mean of the rows), as a factor for each row and column. */
function factorsOf({ rows, columns }: Moments) {
  const mean = rows.reduce((sum, row) => sum + row, 0) / rows.length
  return {
    rowFactors: Float64Array.from(rows, (row) => 1 / Math.sqrt(row / mean)),
    columnFactors: Float64Array.from(columns, (column) => 1 / Math.sqrt(column)),
  }
}

type Factors = ReturnType<typeof factorsOf>
type Rates = { keep: number; learningRate: number; clip: number }

function applyUpdate(w: Float32Array, g: Float32Array, factors: Factors, { keep, learningRate, clip }: Rates) {
  const { rowFactors, columnFactors } = factors
  const C = columnFactors.length
  let squares = 0
  for (let r = 0, i = 0; r < rowFactors.length; r++) {
    const factor = rowFactors[r]! * clip
    for (let c = 0; c < C; c++, i++) squares += (g[i]! * factor * columnFactors[c]!) ** 2
  }
  const rate = learningRate / Math.max(1, Math.sqrt(squares / g.length) / largestUpdate)
  for (let r = 0, i = 0; r < rowFactors.length; r++) {
    const factor = rowFactors[r]! * clip * rate
    for (let c = 0; c < C; c++, i++) w[i] = w[i]! * keep - g[i]! * factor * columnFactors[c]!
  }
}
