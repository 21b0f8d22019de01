/**
 * The folder that a person's relative paths mean. `npm run` moves to the package's own folder first and leaves the
 * person's in INIT_CWD. Source: npm's documentation of `npm run-script`.
 */
import { dirname } from 'node:path'

/** npm's word is taken only by the command that npm itself started, and not by what that starts in turn. */
export function workingFolder(environment: NodeJS.ProcessEnv, current: string): string {
  const { npm_lifecycle_event: script, npm_package_json: manifest, INIT_CWD: person } = environment
  const startedByNpm = script === 'camelot' && manifest !== undefined && dirname(manifest) === current
  return startedByNpm && person ? person : current
}
