/**
 * The command line as it is shipped: the bundle of `out/` where it is of these very sources, else the same bundle
 * (without the window) made for the tests. Test files that start at once share one build.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { type BuildOptions, build } from 'vite'
import config from '../../../electron.vite.config'
// @ts-expect-error: a plain script, without types
import { sourcesFingerprint } from '../../../scripts/preparation/sources.mjs'

export const checkout = resolve(import.meta.dirname, '../../..')
const cache = join(checkout, '.cache')

type Entry = 'cli' | 'engine'

/** @returns a folder with `out/main/cli.cjs` and `resources` */
export async function builtCommandLine(entries: readonly Entry[] = ['cli', 'engine']): Promise<string> {
  const fingerprint: string = sourcesFingerprint()
  const stamp = join(checkout, 'out/.sources')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint) return checkout
  const folder = join(cache, `${entries.join('-')}-${fingerprint.slice(0, 16)}`)
  if (!existsSync(folder)) await buildInto(folder, entries)
  return folder
}

/** The same command line with a stand-in for the engine's process. @returns the folder to use and to delete */
export async function withEngine(engineScript: string): Promise<string> {
  const built = await builtCommandLine(['cli'])
  const folder = join(cache, `cli-stand-in-${process.pid}-${Math.random().toString(36).slice(2)}`)
  await cp(join(built, 'out/main'), join(folder, 'out/main'), { recursive: true })
  await cp(engineScript, join(folder, 'out/main/engine.cjs'))
  const companion = join(dirname(engineScript), 'argument-defaults.json')
  if (existsSync(companion)) await cp(companion, join(folder, 'out/main/argument-defaults.json'))
  linkResources(folder)
  return folder
}

async function buildInto(folder: string, entries: readonly Entry[]) {
  const fresh = `${folder}-${process.pid}-${Math.random().toString(36).slice(2)}`
  const { rollupOptions } = (config as { main: { build: { rollupOptions: BuildOptions['rollupOptions'] } } }).main.build
  const every = rollupOptions!.input as Record<string, string>
  const input = Object.fromEntries(entries.map((entry) => [entry, every[entry]!]))
  await build({
    configFile: false,
    root: checkout,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: true,
      target: 'node20',
      outDir: join(fresh, 'out/main'),
      emptyOutDir: true,
      rollupOptions: { ...rollupOptions, input },
    },
  })
  linkResources(fresh)
  mkdirSync(cache, { recursive: true })
  try {
    renameSync(fresh, folder)
  } catch {
    rmSync(fresh, { recursive: true, force: true }) // Another test file was faster.
  }
}

const linkResources = (folder: string) =>
  symlinkSync(join(checkout, 'resources'), join(folder, 'resources'), 'junction')
