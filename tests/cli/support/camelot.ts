/** Runs the built `camelot` as a person's shell would, with a data folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { builtCommandLine, checkout, withEngine } from './build'

export type Outcome = {
  status: number | null
  output: string
  notes: string
  /** Every line of the output, parsed. */
  json(): Record<string, unknown>[]
}

export type RunOptions = {
  /** Instead of the bench's own data folder. */
  home?: string
  environment?: NodeJS.ProcessEnv
  workingFolder?: string
  /** In a process group of its own, as a shell starts it, so that a signal can be sent to all of it. */
  ownGroup?: boolean
}

export type Bench = Awaited<ReturnType<typeof openBench>>

/** A folder to work in, a data folder in it, and the command. @param engineScript a stand-in for the real engine */
export async function openBench(engineScript?: string) {
  const program = engineScript === undefined ? await builtCommandLine() : await withEngine(engineScript)
  const folder = mkdtempSync(join(tmpdir(), 'camelot-cli-'))
  const home = join(folder, 'home')

  function start(words: readonly string[], options: RunOptions = {}): ChildProcess {
    return spawn(process.execPath, [join(program, 'out/main/cli.cjs'), ...words], {
      cwd: options.workingFolder ?? folder,
      env: { ...process.env, NO_COLOR: '1', CAMELOT_HOME: options.home ?? home, ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: options.ownGroup,
    })
  }

  return {
    folder,
    home,
    program,
    at: (...parts: string[]) => join(folder, ...parts),
    start,
    run: (words: readonly string[], options?: RunOptions) => outcomeOf(start(words, options)),
    async close() {
      await rm(folder, { recursive: true, force: true })
      if (engineScript !== undefined) await rm(program, { recursive: true, force: true })
    },
  }
}

/** Waits until the process has ended and everything that it said has been read. */
export async function outcomeOf(child: ChildProcess): Promise<Outcome> {
  const said = { output: '', notes: '' }
  child.stdout?.setEncoding('utf8').on('data', (text) => (said.output += text))
  child.stderr?.setEncoding('utf8').on('data', (text) => (said.notes += text))
  const [status] = await once(child, 'close')
  return { status, ...said, json: () => jsonLines(said.output) }
}

/** Resolves once the output so far satisfies `seen`. */
export async function outputUntil(child: ChildProcess, seen: (output: string) => boolean): Promise<string> {
  let output = ''
  for await (const chunk of child.stdout!.iterator({ destroyOnReturn: false })) {
    output += chunk
    if (seen(output)) return output
  }
  throw new Error(`The output ended before that: ${output}`)
}

export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}

export const fixture = (...parts: string[]) => join(checkout, 'tests/fixtures', ...parts)
export const tinyModel = fixture('gpt2-tiny/model')
