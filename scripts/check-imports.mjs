/** `node scripts/check-imports.mjs`: fails when an import crosses a wall between folders, or when imports go in a circle. */

import { findViolations } from './imports/violations.mjs'
import { root } from './preparation/checkout.mjs'

const { files, violations } = findViolations(root)
for (const violation of violations) console.error(violation)
if (violations.length > 0) process.exitCode = 1
else console.log(`Imports: ${files} files keep the rules.`)
