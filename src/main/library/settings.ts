/** Facts about the home itself that must be remembered. */
import type { Sql } from './catalogue'

export function openSettings(sql: Sql) {
  return {
    /** Marks the name; answers whether it was this call that did. */
    claim: (name: string): boolean =>
      sql.prepare("INSERT OR IGNORE INTO settings (name, value) VALUES (?, '')").run(name).changes > 0,
    forget: (name: string): void => {
      sql.prepare('DELETE FROM settings WHERE name = ?').run(name)
    },
  }
}
