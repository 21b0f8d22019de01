/** Disks that refuse to be written. As root they are mounted; else permissions do, where they can. */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync } from 'node:fs'

/** Makes the folder usable again, so that it can be deleted. */
export type Release = () => void

/** A disk of the given size (`400k`); null, and said loudly, where we may not mount one. */
export function smallDisk(folder: string, size: string): Release | null {
  return (
    mounted(folder, `size=${size}`) ??
    skipped('a full disk cannot be tried here: it takes the right to mount one (root)')
  )
}

/** A folder in which nothing can be made; null, and said loudly, where we may do everything but mount. */
export function readOnlyFolder(folder: string): Release | null {
  if (process.getuid?.() === 0)
    return mounted(folder, 'ro') ?? skipped('a folder that root cannot write to takes the right to mount one')
  mkdirSync(folder)
  chmodSync(folder, 0o500)
  return () => chmodSync(folder, 0o700)
}

function mounted(folder: string, options: string): Release | null {
  mkdirSync(folder)
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder])
  return status === 0 ? () => void spawnSync('umount', [folder]) : null
}

function skipped(why: string): null {
  console.warn(`SKIPPED: ${why}.`)
  return null
}
