/** How a column's text or number becomes the contract's value: JSON texts and 0/1 for booleans. */
import { z } from 'zod'

/** A column that holds JSON of the given shape. */
export const jsonColumn = <T extends z.ZodType>(schema: T) =>
  z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown
      } catch {
        context.addIssue({ code: 'custom', message: 'not JSON' })
        return z.NEVER
      }
    })
    .pipe(schema)

export const booleanColumn = z.number().transform((value) => value !== 0)
