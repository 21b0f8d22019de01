/** The checks that run nothing of ours: format and lint, types for each runtime, walls between folders, unused code. */
import { command } from './stage.mjs'

const tsc = (runtime) =>
  command(`Types: ${runtime}`, 'node_modules/typescript/bin/tsc', '-p', `tsconfig.${runtime}.json`, '--noEmit')

export const staticStages = [
  command('Format and lint', 'node_modules/@biomejs/biome/bin/biome', 'ci', '--max-diagnostics=30', '.'),
  tsc('shared'),
  tsc('node'),
  tsc('preload'),
  tsc('web'),
  command('Import rules', 'scripts/check-imports.mjs'),
  command('Unused files, exports and dependencies', 'node_modules/knip/bin/knip.js', '--no-progress'),
]
