/**
 * The runs of the catalogue. Who may write a run holds its lock; a run that is not over and whose lock is free lost
 * its process and becomes `interrupted`. Live fields follow from the run's log (`run-progress.ts`).
 */
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { z } from 'zod'
import { RunEntry, type RunStatus, TrainingArguments } from '../../shared/contract'
import { TrainSpec } from '../engine/protocol'
import { allRows, deleteRow, insertRow, rowById, type Sql, updateRow } from './catalogue'
import type { Changes } from './changes'
import { jsonColumn } from './columns'
import { conflict, notFound } from './failure'
import { type FileLock, lockFile } from './file-lock'
import type { Home } from './home'
import { replayRunLog } from './run-log'
import { advance, noProgress, RunProgress } from './run-progress'

const RunRow = RunEntry.pick({
  id: true,
  name: true,
  modelId: true,
  modelName: true,
  modelFolder: true,
  datasetId: true,
  datasetName: true,
  status: true,
  outputDir: true,
  createdAt: true,
  finishedAt: true,
}).extend({
  spec: jsonColumn(TrainSpec),
  arguments: jsonColumn(TrainingArguments),
  progress: jsonColumn(RunProgress),
})
type RunRow = z.infer<typeof RunRow>
type NewRun = Omit<RunRow, 'status' | 'progress' | 'createdAt' | 'finishedAt'>

export const isOver = (status: RunStatus) => status !== 'queued' && status !== 'running' && status !== 'paused'

/** What the writer of a run may change. */
type RunChange = Partial<Pick<RunRow, 'status' | 'arguments' | 'progress' | 'finishedAt'>>

export function openRuns(sql: Sql, home: Home, changes: Changes) {
  const row = (id: string): RunRow => {
    const found = rowById(sql, 'runs', id, RunRow)
    if (!found) throw notFound('run', id)
    return found
  }

  function update(id: string, { status, finishedAt, ...json }: RunChange): void {
    updateRow(sql, 'runs', id, {
      ...(status !== undefined && { status }),
      ...(finishedAt !== undefined && { finishedAt }),
      ...Object.fromEntries(Object.entries(json).map(([name, value]) => [name, JSON.stringify(value)])),
    })
    changes.say('runs', id)
  }

  /** Takes the right to write the run. @throws StudioFailure CONFLICT where another process has it. */
  function claim(id: string): FileLock {
    const lock = lockFile(home.runLock(id), 'exclusive', 200) // another process may be looking whether it is free
    if (!lock) throw conflict('run', id, `The run "${row(id).name}" is worked on by another Camelot process.`)
    return lock
  }

  /** Marks the run as interrupted if it is not over and nobody holds its lock. */
  async function reap(id: string): Promise<void> {
    if (isOver(row(id).status)) return
    const lock = lockFile(home.runLock(id), 'exclusive')
    if (!lock) return
    try {
      if (isOver(row(id).status)) return // it ended while we looked
      let progress = noProgress
      for await (const event of replayRunLog(home.runLog(id))) progress = advance(progress, event)
      update(id, { status: 'interrupted', progress: afterInterruption(progress), finishedAt: new Date().toISOString() })
    } finally {
      lock.release()
    }
  }

  return {
    row,
    update,
    claim,
    reap,
    get: (id: string): RunEntry => entryOf(row(id)),
    list: (): RunEntry[] => allRows(sql, 'SELECT * FROM runs ORDER BY createdAt DESC, id', RunRow).map(entryOf),
    unfinished: (): RunRow[] =>
      allRows(sql, `SELECT * FROM runs WHERE status IN ('queued', 'running', 'paused')`, RunRow),

    /** Adds the run, already claimed by its writer. */
    add(run: NewRun): RunEntry {
      insertRow(sql, 'runs', {
        ...run,
        status: 'queued',
        spec: JSON.stringify(run.spec),
        arguments: JSON.stringify(run.arguments),
        progress: JSON.stringify(noProgress),
        createdAt: new Date().toISOString(),
        finishedAt: null,
      })
      changes.say('runs', run.id)
      return entryOf(row(run.id))
    },

    rename(id: string, name: string): RunEntry {
      if (!updateRow(sql, 'runs', id, { name })) throw notFound('run', id)
      changes.say('runs', id)
      return entryOf(row(id))
    },

    /** Deletes the run and what lies in the home; a folder that the person chose as output stays. */
    async remove(id: string): Promise<void> {
      const { name } = row(id)
      await reap(id)
      if (!isOver(row(id).status))
        throw conflict('run', id, `The run "${name}" is not over: stop it before deleting it.`)
      const lock = claim(id)
      try {
        deleteRow(sql, 'runs', id)
        await rm(home.run(id), { recursive: true, force: true })
      } finally {
        lock.release()
      }
      changes.say('runs', id)
    },
  }
}

const afterInterruption = (progress: RunProgress): RunProgress => ({ ...progress, etaSeconds: null })

/** The contract's view of a run: its checkpoints are those that are still there. */
function entryOf({ progress, spec: _, ...row }: RunRow): RunEntry {
  const { evaluations: __, checkpoints, ...live } = progress
  const present = checkpoints.filter(({ path }) => existsSync(path))
  return { ...row, ...live, checkpoints: present, bestStep: bestStep(progress.bestStep, present, row.arguments) }
}

/** The step that the log's end names; without one, what the arguments would have chosen so far. */
function bestStep(
  named: number | null,
  checkpoints: RunEntry['checkpoints'],
  { load_best_model_at_end }: TrainingArguments,
): number | null {
  if (named !== null) return named
  const measured = checkpoints.filter(({ evalLoss }) => evalLoss !== null)
  if (load_best_model_at_end && measured.length > 0)
    return measured.reduce((best, next) => (next.evalLoss! < best.evalLoss! ? next : best)).step
  return checkpoints.at(-1)?.step ?? null
}
