/**
 * The catalogue's database: SQLite in WAL mode, so that two processes can share one home. Columns carry the
 * contract's own names; what is not a number or a text is JSON. Every row is parsed by a schema as it is read.
 */
import { dirname } from 'node:path'
import Database from 'libsql'
import { z } from 'zod'
import { unusable } from './home'
import { migrations } from './migrations'

export type Sql = Database.Database
type SqlValue = string | number | null

/** Opens the catalogue and brings its tables up to date. @throws StudioFailure UNREADABLE, also for one of a newer version. */
export function openCatalogue(file: string): Sql {
  const sql = new Database(file, { timeout: 5_000 })
  try {
    sql.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON')
    migrate(sql, file)
    return sql
  } catch (failure) {
    sql.close()
    throw isSqlite(failure) ? unusable(dirname(file), `its catalogue cannot be opened (${failure.message})`) : failure
  }
}

/** Whether the failure is the database's own. */
export const isSqlite = (failure: unknown): failure is Error => failure instanceof Database.SqliteError

const userVersion = (sql: Sql) => (sql.prepare('PRAGMA user_version').get() as { user_version: number }).user_version

function migrate(sql: Sql, file: string) {
  if (userVersion(sql) === migrations.length) return
  sql.exec('BEGIN IMMEDIATE')
  try {
    const version = userVersion(sql) // again: another process may have been faster
    if (version > migrations.length)
      throw unusable(
        dirname(file),
        `it was written by a newer Camelot Studio (catalogue version ${version}, this one knows ${migrations.length})`,
      )
    for (const statements of migrations.slice(version)) sql.exec(statements)
    sql.exec(`PRAGMA user_version = ${migrations.length}`)
    sql.exec('COMMIT')
  } catch (failure) {
    sql.exec('ROLLBACK')
    throw failure
  }
}

/** One row of a table by its id, or undefined. */
export function rowById<T>(sql: Sql, table: string, id: string, schema: z.ZodType<T>): T | undefined {
  const row = sql.prepare(`SELECT * FROM ${table} WHERE id = ?`).get(id)
  return row === undefined ? undefined : schema.parse(row)
}

export function allRows<T>(sql: Sql, query: string, schema: z.ZodType<T>, ...values: SqlValue[]): T[] {
  return sql
    .prepare(query)
    .all(...values)
    .map((row) => schema.parse(row))
}

/** Inserts the row; its keys are the table's columns. */
export function insertRow(sql: Sql, table: string, row: Record<string, SqlValue>): void {
  const names = Object.keys(row)
  sql
    .prepare(`INSERT INTO ${table} (${names.map(quote).join(', ')}) VALUES (${names.map(() => '?').join(', ')})`)
    .run(...Object.values(row))
}

/** Sets columns of one row; answers whether there was one. */
export function updateRow(sql: Sql, table: string, id: string, columns: Record<string, SqlValue>): boolean {
  const names = Object.keys(columns)
  const set = names.map((name) => `${quote(name)} = ?`).join(', ')
  return sql.prepare(`UPDATE ${table} SET ${set} WHERE id = ?`).run(...Object.values(columns), id).changes > 0
}

export const deleteRow = (sql: Sql, table: string, id: string): boolean =>
  sql.prepare(`DELETE FROM ${table} WHERE id = ?`).run(id).changes > 0

export const idsIn = (sql: Sql, table: string): string[] =>
  allRows(sql, `SELECT id FROM ${table}`, IdRow).map(({ id }) => id)

const IdRow = z.object({ id: z.string() })
const quote = (name: string) => `"${name}"`
