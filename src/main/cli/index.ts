/** The `camelot` program: binds the command line to this process, its streams and its signals. */
import { join } from 'node:path'
import packageJson from '../../../package.json'
import { defaultHome } from './default-home'
import { Interruption } from './interruption'
import { main } from './main'

// This file is built to out/main/cli.cjs, beside the engine; what comes with the program lies two folders up.
const places = {
  engineScript: join(__dirname, 'engine.cjs'),
  renderer: join(__dirname, '../renderer'),
  resources: join(__dirname, '../../resources'),
  version: packageJson.version,
}

const interruption = new Interruption((status) => process.exit(status))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interruption.ask)
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    interruption.readerLeft()
  })

void main(process.argv.slice(2), {
  output: process.stdout,
  notes: process.stderr,
  environment: process.env,
  workingFolder: process.cwd(),
  interruption,
  places,
  defaultHome: defaultHome(process.platform, process.env),
}).then((status) => {
  // Nothing is left to wait for; a handle that somebody forgot must not keep the terminal.
  process.stdout.write('', () => process.exit(status))
})
