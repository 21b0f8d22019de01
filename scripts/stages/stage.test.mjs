import { describe, expect, it, vi } from 'vitest'
import { countsOf, failed, inWords, passed, runStages } from './stage.mjs'

const report = (part) =>
  JSON.stringify({
    numPassedTests: 0,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    testResults: [],
    ...part,
  })

describe('counts of a report', () => {
  it('are those of the tests', () => {
    const text = report({ numPassedTests: 5, numFailedTests: 2, numPendingTests: 1, numTodoTests: 1 })
    expect(countsOf(text, 1)).toEqual({ passed: 5, failed: 2, skipped: 2 })
  })

  it('count a file that could not be loaded as a failure', () => {
    const testResults = [
      { status: 'failed', assertionResults: [] },
      { status: 'passed', assertionResults: [{}] },
    ]
    expect(countsOf(report({ numPassedTests: 1, testResults }), 1).failed).toBe(1)
  })

  it('count an error nobody caught as a failure', () => {
    expect(countsOf(report({ numPassedTests: 3 }), 1)).toEqual({ passed: 3, failed: 1, skipped: 0 })
  })
})

describe('stages', () => {
  it('all run, whatever fails, and are summed', async () => {
    const run = (counts) => ({ title: 'a stage', run: async () => counts })
    const said = vi.spyOn(console, 'log').mockImplementation(() => {})
    const sum = await runStages([run(failed), run(passed), run({ passed: 2, failed: 0, skipped: 3 })])
    expect(said.mock.calls.at(-1)[0]).toContain('✗ a stage: 0 passed, 1 failed')
    said.mockRestore()
    expect(inWords(sum)).toBe('3 passed, 1 failed, 3 skipped')
    expect(inWords(passed)).toBe('1 passed, 0 failed')
  })
})
