/** Runs: look at them, follow their events, pause, resume, stop, rename and delete them. */
import { endOf, type StudioContext } from './context'
import { procedures } from './procedures'
import { resumeRun } from './resume-run'
import { watchRun } from './watch-run'

export function runProcedures(context: StudioContext) {
  const { library, trainer } = context
  const os = procedures.runs
  return {
    list: os.list.handler(() => trainer.entries()),
    get: os.get.handler(({ input }) => trainer.entry(input.id)),

    watch: os.watch.handler(({ input, signal }) => {
      library.runs.row(input.id) // an unknown run is refused at once
      return watchRun({ ...context, isMine: trainer.isMine }, input.id, input.after, endOf(context, signal))
    }),

    pause: os.pause.handler(async ({ input: { id } }) => {
      await trainer.pause(id)
      return trainer.entry(id)
    }),

    resume: os.resume.handler(async ({ input: { id } }) => {
      if (library.runs.row(id).status === 'paused' && trainer.isMine(id)) await trainer.goOn(id)
      else await resumeRun(context, id)
      return trainer.entry(id)
    }),

    stop: os.stop.handler(async ({ input: { id } }) => {
      await trainer.stop(id)
      return trainer.entry(id)
    }),

    rename: os.rename.handler(({ input }) => library.runs.rename(input.id, input.name)),

    remove: os.remove.handler(async ({ input }) => {
      await library.runs.remove(input.id)
      return {}
    }),
  }
}
