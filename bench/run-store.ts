/**
 * Keeps each finished run until its benchmark is whole: one that was cut short goes on where it stopped when it is
 * started again with the same settings and the same build, within a few hours.
 */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { MeasuredRun } from './measured-run'
import { inRepository } from './repository'

const Stored = z.array(z.object({ name: z.string(), atMs: z.number(), run: MeasuredRun }))
const HOURS_KEPT = 6

/** Follows from the sources that the built command was made of. */
const fingerprintOfBuild = () => readFileSync(inRepository('out', '.sources'), 'utf8')

export class RunStore {
  private stored: z.infer<typeof Stored>

  private constructor(private readonly file: string) {
    this.stored = existsSync(file) ? Stored.parse(JSON.parse(readFileSync(file, 'utf8'))) : []
    this.stored = this.stored.filter(({ atMs }) => Date.now() - atMs < HOURS_KEPT * 3_600_000)
  }

  /** `settings` are all that a run depends on besides the build. */
  static open(cache: string, settings: object, build = fingerprintOfBuild()): RunStore {
    const key = createHash('sha256').update(JSON.stringify({ settings, build })).digest('hex').slice(0, 16)
    const store = new RunStore(join(cache, `unfinished-${key}.json`))
    if (store.stored.length > 0) console.error(`Going on after ${store.stored.length} runs kept from before.`)
    return store
  }

  runsOf(name: string): MeasuredRun[] {
    return this.stored.filter((entry) => entry.name === name).map(({ run }) => run)
  }

  add(name: string, run: MeasuredRun): void {
    this.stored.push({ name, atMs: Date.now(), run })
    writeFileSync(`${this.file}.unfinished`, JSON.stringify(this.stored))
    renameSync(`${this.file}.unfinished`, this.file)
  }

  /** The benchmark is whole. */
  forget(): void {
    rmSync(this.file, { force: true })
  }
}
