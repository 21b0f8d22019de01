/** Reading JSON files that others wrote: what is wrong becomes one sentence with the file's name. */
import { readFile, stat } from 'node:fs/promises'
import { EngineError } from '../protocol'

/** Configuration files are small; anything larger is not one. */
const largestBytes = 256 * 1024 * 1024

/**
 * The parsed content of a JSON file, or null where there is no such file.
 * @throws EngineError `code` when it cannot be read or is not JSON.
 */
export async function readJsonIfThere(file: string, code: string): Promise<unknown> {
  const text = await readTextIfThere(file, code)
  return text === null ? null : parseJson(text, file, code)
}

/** The content of a UTF-8 text file without its byte order mark, or null where there is no such file. */
export async function readTextIfThere(file: string, code: string): Promise<string | null> {
  try {
    const { size } = await stat(file)
    if (size > largestBytes)
      throw new EngineError(code, `${file} is ${size} bytes long: too large for what it should be.`)
    return (await readFile(file, 'utf8')).replace(/^\uFEFF/, '')
  } catch (error) {
    if (error instanceof EngineError) throw error
    if (isMissing(error)) return null
    throw new EngineError(code, `${file} cannot be read: ${reasonOf(error)}.`)
  }
}

export function parseJson(text: string, file: string, code: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new EngineError(code, `${file} is not valid JSON: ${jsonReason(error)}.`)
  }
}

/** Whether a file system error says that there is no such file. */
export const isMissing = (error: unknown): boolean => {
  const code = (error as NodeJS.ErrnoException)?.code
  return code === 'ENOENT' || code === 'ENOTDIR'
}

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** V8's words without their end, which says again that it is not valid JSON. */
export const jsonReason = (error: unknown): string =>
  reasonOf(error).replace(/, (\.{0,3}".*) is not valid JSON$/s, ' in $1')

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
