/**
 * A stage of the checks: one command, or one run of vitest, that gives counts of what passed, failed and was skipped.
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 * @typedef {{ title: string, run: () => Promise<Counts> }} Stage
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inCheckout, root } from '../preparation/checkout.mjs'

export const passed = { passed: 1, failed: 0, skipped: 0 }
export const failed = { passed: 0, failed: 1, skipped: 0 }

/** A stage that passes when a script of an installed package, or of ours, ends with exit status 0. */
export const command = (title, script, ...args) => ({
  title,
  run: async () => ((await statusOf([inCheckout(script), ...args])) === 0 ? passed : failed),
})

/** A stage that runs projects of vitest.config.ts and counts their tests. */
export const tests = (title, projects, { files = [], env = {} } = {}) => ({
  title,
  run: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'camelot-tests-'))
    const report = join(folder, 'report.json')
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
    const chosen = projects.map((project) => `--project=${project}`)
    try {
      const vitest = inCheckout('node_modules', 'vitest', 'vitest.mjs')
      const status = await statusOf([vitest, 'run', ...chosen, ...reporters, ...files], env)
      return countsOf(readFileSync(report, 'utf8'), status)
    } catch (error) {
      console.error(`The tests left no report: ${error.message}`)
      return failed
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
})

/**
 * Counts of vitest's JSON report. A file that could not be loaded has no tests and counts as one failure, and so does
 * a run that failed without a failed test (an error nobody caught).
 * @param {string} report
 * @param {number} status exit status of the run
 * @returns {Counts}
 */
export function countsOf(report, status) {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(report)
  const unloaded = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  )
  const failures = numFailedTests + unloaded.length
  return {
    passed: numPassedTests,
    failed: failures === 0 && status !== 0 ? 1 : failures,
    skipped: numPendingTests + numTodoTests,
  }
}

/** Exit status of a script run by this Node, with its output shown. */
function statusOf(args, env = {}) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => resolve(code ?? 1))
  })
}

/**
 * Runs stages one after the other, all of them whatever fails, and says how each went.
 * @param {Stage[]} stages
 * @returns {Promise<Counts>} the sums
 */
export async function runStages(stages) {
  const total = { passed: 0, failed: 0, skipped: 0 }
  const lines = []
  for (const { title, run } of stages) {
    console.log(`\n── ${title}`)
    const startedAt = Date.now()
    const counts = await run()
    for (const key of Object.keys(total)) total[key] += counts[key]
    lines.push(
      `${counts.failed > 0 ? '✗' : '✓'} ${title}: ${inWords(counts)} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`,
    )
  }
  console.log(`\n${lines.join('\n')}`)
  return total
}

/** `3 passed, 0 failed`, and `, 1 skipped` where something was. */
export const inWords = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
