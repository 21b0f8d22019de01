/**
 * A run's events: first what its log holds, then what is added. The log is followed in its file, so that a run of
 * another process looks no different.
 */
import type { TrainEvent } from '../../shared/contract'
import type { Library } from '../library'
import { readRunLog } from '../library/run-log'
import { isOver } from '../library/runs'
import type { Growth } from './growth'

/** How long to wait for news of a run of this process, and of another's, whose news do not wake us. */
const patienceMs = { mine: 5_000, foreign: 300 }

/** Events with a `seq` above `after`; ends when the run is over and its log read to the end, or the signal aborts. */
export async function* watchRun(
  { library, growth, isMine }: { library: Library; growth: Growth; isMine: (id: string) => boolean },
  id: string,
  after: number,
  signal?: AbortSignal,
): AsyncGenerator<TrainEvent> {
  const { runs, home } = library
  const file = home.runLog(id)
  let offset = 0
  while (!signal?.aborted) {
    const news = growth.listen(id, signal)
    try {
      if (!isMine(id)) await runs.reap(id)
      const over = isOver(runs.row(id).status) // asked before reading: an ending run writes first
      for (;;) {
        const chunk = await readRunLog(file, offset)
        if (chunk.offset === offset || signal?.aborted) break
        offset = chunk.offset
        for (const event of chunk.events) if (event.seq > after) yield event
      }
      if (over) return
      await news.wait(isMine(id) ? patienceMs.mine : patienceMs.foreign)
    } finally {
      news.close()
    }
  }
}
