/** Facts about the home itself that must be remembered. */
import { z } from 'zod'
import { allRows, type Sql } from './catalogue'

export function openSettings(sql: Sql) {
  return {
    /** Marks the name; answers whether it was this call that did. */
    claim: (name: string): boolean =>
      sql.prepare("INSERT OR IGNORE INTO settings (name, value) VALUES (?, '')").run(name).changes > 0,
    get: (name: string): string | null =>
      allRows(sql, 'SELECT value FROM settings WHERE name = ?', z.object({ value: z.string() }), name)[0]?.value ??
      null,
    set: (name: string, value: string): void => {
      sql.prepare('INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)').run(name, value)
    },
    forget: (name: string): void => {
      sql.prepare('DELETE FROM settings WHERE name = ?').run(name)
    },
  }
}
