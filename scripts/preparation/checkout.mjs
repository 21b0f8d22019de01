/** Where the checkout lies, and paths inside it. */
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
export const inCheckout = (...parts) => join(root, ...parts)
