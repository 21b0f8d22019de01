/** Runs one step of the preparation in a child process, loudly or quietly, and fails with a sentence. */
import { spawn } from 'node:child_process'
import { root } from './checkout.mjs'

/** A failure whose sentence is all that a person needs; scripts print it without a stack. */
export class StepFailed extends Error {}

/**
 * @param {string} title what is being done, in the present: `Building`
 * @param {string} command
 * @param {string[]} args
 * @param {{ quiet?: boolean, env?: Record<string, string>, timeoutMs?: number }} options quiet keeps the step's
 *   output back and shows it on standard error only when the step fails; nothing ever goes to standard output
 */
export async function runStep(title, command, args, { quiet = false, env = {}, timeoutMs } = {}) {
  if (!quiet) console.error(`${title} …`)
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: command.endsWith('.cmd'),
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  })
  const output = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk))
  const { code, error } = await new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: null, error }))
    child.on('close', (code) => resolve({ code }))
  })
  if (code === 0) return
  process.stderr.write(Buffer.concat(output))
  const why = error?.message ?? (code === null ? `it took longer than ${timeoutMs / 1000} s` : `exit status ${code}`)
  throw new StepFailed(`${title} failed (${why}): ${[command, ...args].join(' ')}`)
}

/** Runs a script's main function; a failed step, or any other error, ends it with one sentence and exit status 1. */
export async function runScript(main) {
  try {
    await main()
  } catch (error) {
    console.error(error instanceof StepFailed ? error.message : (error.stack ?? String(error)))
    process.exitCode = 1
  }
}
