/** Finds the run that a person names: by name, id or output folder. */
import { resolve } from 'node:path'
import type { RunEntry } from '../../shared/contract'
import type { Session } from './command'
import { Failure } from './exit-status'
import { named } from './names'

/** @throws Failure where no run, or more than one, has that name */
export async function findRun(text: string, session: Session): Promise<RunEntry> {
  const { client } = await session.studio()
  const runs = await client.runs.list({})
  const path = resolve(session.workingFolder, text)
  const run = named(runs, text, 'run') ?? runs.find(({ outputDir }) => outputDir === path)
  if (run) return run
  throw new Failure(`There is no run “${text}”; “camelot runs” lists them.`)
}
