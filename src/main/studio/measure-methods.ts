/** A trial of each method on this machine: real steps, one method after the other, each in a process of its own. */
import { type MeasureEvent, type TrainingMethod, type TrainingMethodId, trainingMethods } from '../../shared/contract'
import { EngineError, type MeasureSpec } from '../engine/protocol'
import { EngineDeath } from '../jobs/exit-report'
import { runJob } from '../jobs/run-job'
import type { Library } from '../library'
import { conflict } from '../library/failure'
import type { StudioContext } from './context'
import { argumentsOn, filesOf, usableModel } from './model-files'
import type { TrainRequest } from './training-plan'

/** @throws StudioFailure CONFLICT while a run trains: the two would slow each other down, and the figures be wrong. */
export async function* measureMethods(
  { library, engine }: StudioContext,
  request: TrainRequest & { methods: TrainingMethodId[] },
  signal: AbortSignal,
): AsyncGenerator<MeasureEvent> {
  const running = library.runs.unfinished().find(({ status }) => status === 'running')
  if (running)
    throw conflict(
      'run',
      running.id,
      `The run "${running.name}" is training, and beside it a trial would measure too little: wait for its end, or stop it.`,
    )
  const chosen = trainingMethods.filter(({ id }) => request.methods.includes(id))
  for (const method of chosen) yield* trial(engine, method, await specOf(library, request, method), signal)
}

async function* trial(
  engine: StudioContext['engine'],
  { id: method }: TrainingMethod,
  spec: MeasureSpec,
  signal: AbortSignal,
): AsyncGenerator<MeasureEvent> {
  yield { type: 'measuring', method, step: 0, steps: 0 }
  try {
    for await (const event of runJob(engine, { kind: 'measure', spec }, { signal }))
      if (event.type === 'progress') yield { type: 'measuring', method, step: event.step, steps: event.steps }
      else yield { type: 'measured', method, measurement: event.measurement }
  } catch (failure) {
    // One method that cannot be had says nothing about the others.
    if (signal.aborted || !(failure instanceof EngineError || failure instanceof EngineDeath)) throw failure
    yield { type: 'failed', method, message: failure.message }
  }
}

async function specOf(library: Library, request: TrainRequest, method: TrainingMethod): Promise<MeasureSpec> {
  const { datasets, home } = library
  const model = await usableModel(library, request.modelId)
  return {
    model: { folder: filesOf(model).folder, adapter: null },
    train: datasets.rowsFile(request.datasetId),
    validation: request.validationDatasetId === null ? null : datasets.rowsFile(request.validationDatasetId),
    cacheDir: home.cache,
    arguments: { ...argumentsOn(model, request.arguments), ...method.arguments },
  }
}
