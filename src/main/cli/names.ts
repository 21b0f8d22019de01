/** What the words for a thing of the catalogue can be: its id, its name, or the path of a file or folder. */
import { extname, isAbsolute, sep } from 'node:path'
import { Failure } from './exit-status'

const dataExtensions = ['.jsonl', '.ndjson', '.json', '.csv', '.tsv', '.txt']

/** By id, else by name, ignoring case where that leaves no doubt. @throws Failure where several have the name */
export function named<T extends { id: string; name: string }>(
  entries: readonly T[],
  text: string,
  kind: string,
): T | undefined {
  const sameId = entries.find(({ id }) => id === text)
  if (sameId) return sameId
  const exact = entries.filter(({ name }) => name === text)
  const found = exact.length > 0 ? exact : entries.filter(({ name }) => name.toLowerCase() === text.toLowerCase())
  if (found.length < 2) return found[0]
  throw new Failure(
    `${found.length} ${kind}s are named “${text}”; give an id: ${found.map(({ id }) => id).join(', ')}.`,
  )
}

/** Whether the words can only be meant as a path, so that no name of the catalogue comes between. */
export const looksLikePath = (text: string) =>
  isAbsolute(text) ||
  text.includes(sep) ||
  text.includes('/') ||
  text.startsWith('.') ||
  dataExtensions.includes(extname(text).toLowerCase())
