/**
 * `npm run -s camelot -- <command> …`: the command line in a checkout. Installs and builds first where needed, without
 * a word unless that fails; then this very process becomes the command, so its streams, signals and exit status are its own.
 */
import './preparation/node-version.mjs'
import { createRequire } from 'node:module'
import { buildWhenNeeded } from './preparation/build.mjs'
import { inCheckout } from './preparation/checkout.mjs'
import { installWhenNeeded } from './preparation/install.mjs'
import { runScript } from './preparation/step.mjs'

await runScript(async () => {
  await installWhenNeeded({ quiet: true })
  await buildWhenNeeded({ quiet: true })
  const command = inCheckout('out', 'main', 'cli.cjs')
  process.argv[1] = command
  createRequire(import.meta.url)(command)
})
