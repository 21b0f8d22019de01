/** What a model's tokenizer makes of a data set: lengths, targets, and rows that a run could not learn from. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { z } from 'zod'
import type { DatasetStatistics } from '../../../shared/contract'
import { readBatches } from '../data/examples'
import { hasPrompts } from '../data/rows'
import { openTokenizer } from '../data/tokenizer'
import { readJsonIfThere } from '../files/json'
import { modelOf } from '../models'
import { EngineError, type InspectEvent, type InspectSpec } from '../protocol'
import type { Control } from './control'

/**
 * Reads every row once. `tokens.total` and `tokens.supervised` are what an epoch reads and learns, after cutting;
 * `min`, `median`, `p95` and `max` are the lengths of whole rows.
 * @throws EngineError `bad_data`, `bad_model`
 */
export async function* inspect(spec: InspectSpec, control: Control): AsyncGenerator<z.infer<typeof InspectEvent>> {
  const { folder } = spec.model
  const configFile = join(folder, 'config.json')
  const config = await readJsonIfThere(configFile, 'bad_model')
  if (config === null) throw new EngineError('bad_model', `${configFile} is missing.`)
  const maxLength = Math.min(spec.maxLength, modelOf(config, configFile).shape.contextLength)
  const tokenizer = await openTokenizer(folder)
  const tally = new Tally()
  const options = { maxLength, completionOnlyLoss: hasPrompts(spec.rows.mapping) }
  for await (const { texts, examples } of readBatches(spec.rows, tokenizer, options)) {
    for (const [place, { ids, supervised, wholeLength, truncated }] of examples.entries())
      tally.see(texts[place]!, { tokens: ids.length, supervised, wholeLength, truncated })
    await control.breathe()
    if (control.stopping) return
  }
  if (tally.lengths.length === 0) throw new EngineError('bad_data', `${spec.rows.file} has no rows.`)
  const { format, columns } = spec
  yield { type: 'done', statistics: { format, columns, ...tally.result(maxLength) } }
}

type Figures = { tokens: number; supervised: number; wholeLength: number; truncated: boolean }

class Tally {
  readonly lengths: number[] = []
  private readonly seen = new Set<string>()
  private total = 0
  private supervised = 0
  private truncated = 0
  private unsupervised = 0
  private duplicates = 0

  see(text: string, { tokens, supervised, wholeLength, truncated }: Figures): void {
    this.lengths.push(wholeLength)
    this.total += tokens
    this.supervised += supervised
    if (truncated) this.truncated++
    if (supervised === 0) this.unsupervised++
    const digest = createHash('sha1').update(text).digest('base64')
    if (this.seen.has(digest)) this.duplicates++
    this.seen.add(digest)
  }

  result(maxLength: number): Omit<DatasetStatistics, 'format' | 'columns'> {
    const lengths = Uint32Array.from(this.lengths).sort()
    const { total, supervised, truncated, unsupervised, duplicates } = this
    return {
      rows: lengths.length,
      tokens: {
        total,
        supervised,
        min: lengths[0]!,
        median: median(lengths),
        p95: lengths[Math.ceil(lengths.length * 0.95) - 1]!,
        max: lengths.at(-1)!,
      },
      truncated,
      unsupervised,
      duplicates,
      problems: this.problems(maxLength),
    }
  }

  private problems(maxLength: number): string[] {
    const { truncated, unsupervised, duplicates } = this
    return [
      truncated > 0 && `${rows(truncated, 'is', 'are')} longer than ${maxLength} tokens and would be cut at the right.`,
      unsupervised > 0 &&
        `${rows(unsupervised, 'has', 'have')} nothing to learn: no completion is left within ${maxLength} tokens.`,
      duplicates > 0 && `${rows(duplicates, 'repeats', 'repeat')} an earlier row.`,
    ].filter((sentence) => sentence !== false)
  }
}

const rows = (count: number, one: string, many: string) => (count === 1 ? `1 row ${one}` : `${count} rows ${many}`)

/** Of ascending numbers; the mean of the two in the middle where their number is even. */
function median(ascending: Uint32Array): number {
  const middle = ascending.length >> 1
  return ascending.length % 2 === 1 ? ascending[middle]! : (ascending[middle - 1]! + ascending[middle]!) / 2
}
