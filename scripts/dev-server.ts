/**
 * Opens the studio in a browser from the sources, to look at the window without packaging anything.
 * `npx tsx scripts/dev-server.ts [--engine out/main/engine.cjs] [--home DIR] [--port 4173] [--renderer out/renderer]`
 * Without `--engine` a fake one stands in, which computes nothing.
 */
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { startServer } from '../src/main/server'
import { openStudio } from '../src/main/studio'

const root = resolve(import.meta.dirname, '..')
const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: join(root, 'tests/fixtures/fake-engine.cjs') },
    home: { type: 'string', default: join(tmpdir(), 'camelot-dev-home') },
    port: { type: 'string', default: '4173' },
    renderer: { type: 'string', default: join(root, 'out/renderer') },
    token: { type: 'string', default: 'dev' },
  },
})

const studio = await openStudio({
  home: values.home,
  engineScript: resolve(values.engine),
  resources: join(root, 'resources'),
  version: '0.0.0-dev',
  electron: null,
})
const server = await startServer(studio, {
  port: Number(values.port),
  rendererDir: resolve(values.renderer),
  token: values.token,
})
console.log(server.url)
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, async () => {
    await server.close()
    await studio.close()
    process.exit(0)
  })
