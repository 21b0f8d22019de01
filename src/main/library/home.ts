/** Where everything lies in the studio's data folder. */
import { randomBytes } from 'node:crypto'
import { accessSync, constants } from 'node:fs'
import { join, resolve } from 'node:path'
import { makeLevels } from '../engine/files/levels'
import { unreadable } from './failure'

export type Home = ReturnType<typeof openHome>

const folders = ['datasets', 'runs', 'models', 'exports', 'uploads', 'cache', 'locks'] as const

/** Makes the folders that are missing. @throws StudioFailure UNREADABLE where the home cannot be written. */
export function openHome(folder: string) {
  const root = resolve(folder)
  try {
    for (const name of folders) makeLevels(join(root, name))
    accessSync(root, constants.W_OK)
  } catch (failure) {
    throw unusable(root, reasonOf(failure as NodeJS.ErrnoException))
  }
  return {
    root,
    catalogue: join(root, 'catalogue.sqlite'),
    datasets: join(root, 'datasets'),
    runs: join(root, 'runs'),
    models: join(root, 'models'),
    exports: join(root, 'exports'),
    uploads: join(root, 'uploads'),
    cache: join(root, 'cache'),
    locks: join(root, 'locks'),
    dataset: (id: string) => join(root, 'datasets', id),
    run: (id: string) => join(root, 'runs', id),
    runLog: (id: string) => join(root, 'runs', id, 'events.jsonl'),
    runLock: (id: string) => join(root, 'locks', `${id}.lock`),
    model: (id: string) => join(root, 'models', id),
    export: (id: string) => join(root, 'exports', id),
  }
}

/** The home cannot be used, and why. */
export const unusable = (root: string, why: string) =>
  unreadable(root, `The data folder ${root} cannot be used: ${why}. Choose another one with --home, or mend it.`)

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'EACCES' || code === 'EPERM') return 'you have no permission to write there'
  if (code === 'EROFS') return 'the disk is read-only'
  if (code === 'ENOSPC') return 'the disk is full'
  if (code === 'EEXIST' || code === 'ENOTDIR') return 'a file is in its place'
  if (code === 'ENOENT') return 'it cannot be made there' // what Node says of a new folder on a read-only disk
  return message
}

const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789' // 32 letters that are not mistaken for one another

/** A short id that a person can type: `run-k3x9q2ma` (40 random bits). */
export function newId(prefix: string): string {
  return `${prefix}-${[...randomBytes(8)].map((byte) => alphabet[byte & 31]).join('')}`
}
