/** Reading the question/answer files that are tested here. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const root = join(import.meta.dirname, '..', '..')

const Row = z.strictObject({ question: z.string().min(1), answer: z.string().min(1) })
export type Row = z.infer<typeof Row>

/** The rows of a JSONL file of the repository. @throws at the first line that is not a question with an answer. */
export function rowsOf(...path: string[]): Row[] {
  const lines = readFileSync(join(root, ...path), 'utf8').split('\n')
  if (lines.pop() !== '') throw new Error(`${path.join('/')}: the last line does not end`)
  return lines.map((line) => Row.parse(JSON.parse(line)))
}

export const bundledModel = join(root, 'resources', 'models', 'merlin-mini')
