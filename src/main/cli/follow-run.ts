/** Prints a run's own events as they come, until it ends; Ctrl+C saves a checkpoint and stops it. */
import type { RunEntry, TrainEvent } from '../../shared/contract'
import type { Session } from './command'
import { type ExitStatus, exitStatus, Failure, UsageError } from './exit-status'
import { RunReport } from './run-report'
import { withFlags } from './training-options'

/**
 * @param after the last event that is old news (resuming replays nothing)
 * @throws Failure with the run's own sentence where it fails
 */
export async function followRun(run: RunEntry, after: number, session: Session): Promise<ExitStatus> {
  const { client } = await session.studio()
  const report = new RunReport()
  stopWhenAsked(run, session)
  let last: TrainEvent | undefined
  for await (const event of await client.runs.watch({ id: run.id, after })) {
    last = event
    show(event, report, session)
  }
  session.terminal.endProgress()
  if (last?.type === 'error') throw failureOf(last)
  if (last?.type === 'done') return last.stopped ? exitStatus.interrupted : exitStatus.done
  if (session.interruption.asked) return exitStatus.interrupted
  const entry = await client.runs.get({ id: run.id })
  throw new Failure(
    entry.error ?? `Run ${run.id} ended early; “camelot resume ${run.id}” goes on from its last checkpoint.`,
  )
}

/** What is wrong with the arguments may show only once the model is open. */
const failureOf = ({ code, message }: Extract<TrainEvent, { type: 'error' }>) =>
  code === 'bad_arguments' ? new UsageError(withFlags(message)) : new Failure(message)

function show(event: TrainEvent, report: RunReport, { terminal }: Session) {
  if (event.type === 'done') terminal.endProgress()
  if (event.type === 'warning') terminal.warn(event.message)
  if (terminal.json) terminal.result(event, () => [])
  else terminal.lines((paint) => report.lines(event, paint))
  const progress = report.progress(event)
  if (progress) terminal.progress(progress)
}

function stopWhenAsked(run: RunEntry, { interruption, terminal, studio }: Session) {
  interruption.onAsked(() => {
    if (!interruption.unheard) terminal.note('Saving a checkpoint, then stopping; press Ctrl+C again to stop at once.')
    studio()
      .then(({ client }) => client.runs.stop({ id: run.id }))
      .catch(() => {}) // It ended by itself in the meantime; its last event says how.
  })
}
