/** The `camelot` program: binds the command line to this process, its streams and its signals. */
import { join } from 'node:path'
import packageJson from '../../../package.json'
import { defaultHome } from '../studio/default-home'
import { systemReason } from './errors'
import { exitStatus } from './exit-status'
import { Interruption } from './interruption'
import { main } from './main'
import { workingFolder } from './working-folder'

// This file is built to out/main/cli.cjs, beside the engine; what comes with the program lies two folders up.
const places = {
  engineScript: join(__dirname, 'engine.cjs'),
  renderer: join(__dirname, '../renderer'),
  resources: join(__dirname, '../../resources'),
  version: packageJson.version,
}

const interruption = new Interruption((status) => process.exit(status))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interruption.ask)
process.stderr.on('error', () => interruption.readerLeft())
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return interruption.readerLeft()
  process.stderr.write(`camelot: Standard output cannot be written: ${systemReason(error)}.\n`)
  process.exit(exitStatus.failed)
})

void main(process.argv.slice(2), {
  output: process.stdout,
  notes: process.stderr,
  environment: process.env,
  workingFolder: workingFolder(process.env, process.cwd()),
  interruption,
  places,
  defaultHome: defaultHome(process.platform, process.env),
}).then((status) => {
  // Nothing is left to wait for; a handle that somebody forgot must not keep the terminal.
  process.stdout.write('', () => setImmediate(() => process.exit(status)))
})
