/**
 * Locks between processes that share a home. A lock is an SQLite transaction on a file of its own: the operating
 * system takes it back when its process ends, however it ends, so no lock outlives its owner and no process id can
 * be mistaken for another. Source: https://www.sqlite.org/lockingv3.html
 */
import Database from 'libsql'

export type FileLock = { release(): void }

/**
 * Takes the lock, or answers null where another holder excludes it for `waitMs` milliseconds.
 * Any number of holders share a `shared` lock; an `exclusive` one stands alone, also within one process.
 */
export function lockFile(file: string, mode: 'exclusive' | 'shared', waitMs = 0): FileLock | null {
  const database = new Database(file, { timeout: waitMs })
  try {
    if (mode === 'exclusive') database.exec('BEGIN EXCLUSIVE')
    // A deferred transaction takes its shared lock with the first read.
    else database.exec('BEGIN; SELECT count(*) FROM sqlite_master')
  } catch (failure) {
    database.close()
    if (failure instanceof Database.SqliteError && failure.code === 'SQLITE_BUSY') return null
    throw failure
  }
  return { release: () => database.close() }
}
