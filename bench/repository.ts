/** Where this package is, and paths inside it. */
import { resolve } from 'node:path'

export const repository = resolve(import.meta.dirname, '..')
export const inRepository = (...path: string[]) => resolve(repository, ...path)
