/** Memory that runs out for real: an address space too small for the model, and the system's own killing. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { builtCommandLine } from '../cli/support/build'
import { type Bench, fixture, openBench, tinyModel } from '../cli/support/camelot'
import { memoryLimit } from './support/memory-limit'
import { copyOfModel, editHeader, setJson } from './support/model-folders'
import { expectRefusal } from './support/refusals'

const rows = fixture('gpt2-tiny/rows.jsonl')

describe.skipIf(process.platform !== 'linux')('a model larger than the memory that a process may have', () => {
  let bench: Bench
  beforeAll(async () => {
    bench = await openBench()
    widen(copyOfModel(bench.at('wide')))
  })
  afterAll(() => bench.close())

  it('fails the run with a sentence', () => {
    const { status, stderr } = limited(['train', '--model', 'wide', '--dataset', rows, '--max-steps', '1'])
    expect([status, stderr.split('\n').filter((line) => line.startsWith('camelot: '))]).toEqual([
      1,
      [expect.stringMatching(/^camelot: .*(out of|not enough|GB of) memory.*\.$/)],
    ])
  })

  /** Runs the command line, and with it the engine, in 3 GB of address space. */
  function limited(words: readonly string[]) {
    const program = join(bench.program, 'out/main/cli.cjs')
    return spawnSync('sh', ['-c', 'ulimit -v 3000000; exec "$0" "$@"', process.execPath, program, ...words], {
      cwd: bench.folder,
      env: { ...process.env, NO_COLOR: '1', CAMELOT_HOME: bench.home },
      encoding: 'utf8',
    })
  }
})

describe('an engine that the system kills because memory ran out', () => {
  const limit = memoryLimit(16_000_000)
  let bench: Bench
  let folder: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'camelot-memory-'))
    const engine = join(await builtCommandLine(), 'out/main/engine.cjs')
    const joining = limit
      ? `require('node:fs').writeFileSync(${JSON.stringify(limit.members)}, String(process.pid))`
      : ''
    writeFileSync(join(folder, 'engine.cjs'), `${joining}\nrequire(${JSON.stringify(engine)})\n`)
    bench = await openBench(join(folder, 'engine.cjs'))
  })
  afterAll(async () => {
    limit?.release()
    rmSync(folder, { recursive: true })
    await bench.close()
  })

  it('fails the run with a sentence that says so', async ({ skip }) => {
    if (!limit) return skip('no right to limit memory')
    await bench.run(['import', rows, '--name', 'rows'])
    await expectRefusal(bench, {
      words: ['train', '--model', tinyModel, '--dataset', 'rows', '--max-steps', '1'],
      status: 1,
      sentence: /^The system killed the engine's process because memory ran out[^.]*\. Try a smaller batch size/,
    })
    const [run] = (await bench.run(['runs', '--json'])).json()
    expect(run).toMatchObject({ status: 'failed', error: expect.stringContaining('memory ran out') })
  })
})

/** Gives the tiny model forty million tokens: 5 GB of zeros, which take no room on the disk. */
function widen(folder: string): void {
  const shape = [40_000_000, 32]
  const file = join(folder, 'model.safetensors')
  setJson(folder, 'config.json', { vocab_size: shape[0] })
  let added = 0
  editHeader(folder, (header) => {
    const embedding = header['transformer.wte.weight']! // the last in the file
    const [begin, end] = embedding.data_offsets
    const widened = begin + 4 * shape[0]! * shape[1]!
    added = widened - end
    return { ...header, 'transformer.wte.weight': { ...embedding, shape, data_offsets: [begin, widened] } }
  })
  truncateSync(file, statSync(file).size + added)
}
