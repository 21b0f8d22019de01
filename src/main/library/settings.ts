/** Facts about the home itself that must be remembered. */
import type { Sql } from './catalogue'

export type Settings = ReturnType<typeof openSettings>

export function openSettings(sql: Sql) {
  return {
    has: (name: string): boolean => sql.prepare('SELECT value FROM settings WHERE name = ?').get(name) !== undefined,
    set: (name: string, value: string): void => {
      sql.prepare('INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)').run(name, value)
    },
  }
}
