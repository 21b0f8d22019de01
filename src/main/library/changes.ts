/**
 * Says that the catalogue changed. What this process changes is said at once and by name; what another process on
 * the same home changes is noticed within a second (SQLite's `data_version`) and said for every kind, without an id.
 */
import { EventEmitter, on } from 'node:events'
import { CatalogueChange } from '../../shared/contract'
import type { Sql } from './catalogue'

export type Changes = ReturnType<typeof watchChanges>

const kinds = CatalogueChange.shape.kind.options
const pollMs = 1_000

export function watchChanges(sql: Sql) {
  const emitter = new EventEmitter().setMaxListeners(0)
  const dataVersion = () => (sql.prepare('PRAGMA data_version').get() as { data_version: number }).data_version
  let known = dataVersion()
  const timer = setInterval(() => {
    const version = dataVersion()
    if (version === known) return
    known = version
    for (const kind of kinds) emitter.emit('change', { kind, id: '' })
  }, pollMs).unref()

  return {
    say: (kind: CatalogueChange['kind'], id: string) => emitter.emit('change', { kind, id }),

    /** Every change from now on; ends when the signal aborts or the studio closes. */
    async *follow(signal?: AbortSignal): AsyncGenerator<CatalogueChange> {
      const changes = on(emitter, 'change', { signal, close: ['close'] })
      yield { kind: 'models', id: '' }
      try {
        for await (const [change] of changes) yield change as CatalogueChange
      } catch (failure) {
        if (!signal?.aborted) throw failure
      } finally {
        await changes.return?.()
      }
    },

    close() {
      clearInterval(timer)
      emitter.emit('close')
    },
  }
}
