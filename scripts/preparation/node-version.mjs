/**
 * Imported first by every script: an old Node ends with one sentence instead of a stack trace. Written so that Node 14
 * can still read it.
 */
import fs from 'node:fs'
import { inCheckout } from './checkout.mjs'

const { engines } = JSON.parse(fs.readFileSync(inCheckout('package.json'), 'utf8'))
const needed = engines.node.replace('>=', '')
const [needsMajor, needsMinor] = needed.split('.').map(Number)
const [major, minor] = process.versions.node.split('.').map(Number)

if (major < needsMajor || (major === needsMajor && minor < needsMinor)) {
  console.error(
    `Camelot Studio needs Node.js ${needed} or newer, and this is ${process.versions.node}: install a newer one from https://nodejs.org and run the command again.`,
  )
  process.exit(1)
}
