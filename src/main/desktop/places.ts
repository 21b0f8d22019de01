/** Where the parts of the application lie beside this script, and where the person's data lies. */
import { join, resolve } from 'node:path'

const built = resolve(import.meta.dirname, '..')

export const rendererDir = join(built, 'renderer')
export const preload = join(built, 'preload', 'index.cjs')
export const engineScript = join(built, 'main', 'engine.cjs')
export const resources = resolve(built, '..', 'resources')

/** The folder named by `--home DIR` or `--home=DIR` among the arguments, else null. */
export function homeArgument(args: readonly string[]): string | null {
  const at = args.findIndex((arg) => arg === '--home' || arg.startsWith('--home='))
  if (at < 0) return null
  return args[at]!.startsWith('--home=') ? args[at]!.slice('--home='.length) : (args[at + 1] ?? null)
}
