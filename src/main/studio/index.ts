/**
 * The studio: the contract, implemented once over the library and the jobs. It knows neither Electron nor HTTP; the
 * shells carry its router over a message port or a WebSocket, and the command line calls it in its own process.
 */
import { createRouterClient } from '@orpc/server'
import type { ExportEntry, ModelReference } from '../../shared/contract'
import type { RowsFile } from '../engine/protocol'
import type { EventOf, JobKind, JobOf } from '../jobs/job-events'
import { type EngineScript, type JobOptions, runJob } from '../jobs/run-job'
import { warmGenerator } from '../jobs/warm-generator'
import { openLibrary } from '../library'
import { openUploads } from '../library/uploads'
import { addBundled } from './bundled'
import { chatProcedures } from './chat'
import type { StudioContext } from './context'
import { datasetProcedures } from './datasets'
import { exportProcedures } from './exports'
import { createGrowth } from './growth'
import { type ResolvedModel, resolveModel } from './model-files'
import { modelProcedures } from './models'
import { procedures } from './procedures'
import { runProcedures } from './runs'
import { systemProcedures } from './system'
import { createTrainer } from './trainer'
import { trainingProcedures } from './training'

export type StudioOptions = {
  /** The data folder. */
  home: string
  /** The engine's script, to be forked. */
  engineScript: string
  /** Folder of the bundled model and data set. */
  resources: string
  version: string
  /** Electron's version when this process is Electron. */
  electron: string | null
  /** How long a run that was told to stop may take to save before its process is killed, in milliseconds. */
  patienceMs?: number
  uploadLimitBytes?: number
}

export type Studio = Awaited<ReturnType<typeof openStudio>>
export type StudioClient = Studio['client']

/** @throws StudioFailure UNREADABLE, a sentence, where the home cannot be used. */
export async function openStudio(options: StudioOptions) {
  const library = await openLibrary(options.home)
  const context = contextOf(library, options)
  await addBundled(library, options.resources).catch(async (failure) => {
    await close(context)
    throw failure
  })
  const router = routerOf(context)
  let closed: Promise<void> | null = null

  return {
    router,
    /** Calls the procedures in this process. */
    client: createRouterClient(router),
    jobs: {
      /** Runs a job on files that need not be in the catalogue, in a process of its own. */
      run: <K extends JobKind>(job: JobOf<K>, jobOptions?: JobOptions): AsyncGenerator<EventOf<K>> =>
        runJob(context.engine, job, jobOptions),
      /** Folder for files that can be made again, for a job's `cacheDir`. */
      cacheDir: library.home.cache,
    },
    uploads: context.uploads,
    exports: {
      /** @throws StudioFailure NOT_FOUND */
      get: (id: string): ExportEntry => library.exports.get(id),
    },
    /** The files of a model, or of a run's best or named checkpoint. @throws StudioFailure */
    resolveModel: (reference: ModelReference): Promise<ResolvedModel> => resolveModel(library, reference),
    /** The rows of a data set, for a job. @throws StudioFailure NOT_FOUND */
    resolveDataset: (id: string): RowsFile => library.datasets.rowsFile(id),
    /** Checkpoints what is running, lets go of every process, and leaves the home. Can be called again. */
    close: (): Promise<void> => {
      closed ??= close(context)
      return closed
    },
  }
}

function contextOf(library: StudioContext['library'], options: StudioOptions): StudioContext {
  const engine: EngineScript = { script: options.engineScript, electron: options.electron !== null }
  const growth = createGrowth()
  return {
    library,
    engine,
    growth,
    uploads: openUploads(library.home, options.uploadLimitBytes),
    generator: warmGenerator(engine),
    trainer: createTrainer(library, engine, growth, options.patienceMs),
    answering: new Map(),
    closing: new AbortController(),
    version: options.version,
    electron: options.electron,
  }
}

function routerOf(context: StudioContext) {
  return procedures.router({
    system: systemProcedures(context),
    models: modelProcedures(context),
    datasets: datasetProcedures(context),
    training: trainingProcedures(context),
    runs: runProcedures(context),
    chat: chatProcedures(context),
    exports: exportProcedures(context),
  })
}

async function close({ closing, answering, trainer, generator, uploads, library }: StudioContext): Promise<void> {
  closing.abort()
  await Promise.all([trainer.close(), ...answering.values()])
  await Promise.all([generator.close(), uploads.close()])
  await library.close()
}
