/**
 * Zod compiles object schemas with `new Function`, which our content security policy refuses. Imported before
 * anything that builds a schema, this keeps it to plain interpretation.
 */
import { config } from 'zod'

config({ jitless: true })
