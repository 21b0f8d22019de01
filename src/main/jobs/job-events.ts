/** The events of each kind of job, as they are parsed when they arrive from the engine's process. */
import { z } from 'zod'
import { GenerationEvent, TrainEvent, type UnstampedTrainEvent } from '../../shared/contract'
import {
  type EngineJob,
  EvaluateEvent,
  ExportJobEvent,
  InspectEvent,
  MeasureEvent,
  ProcessorEvent,
} from '../engine/protocol'

/** A training event without its place in a log, which the log's writer gives it. */
const UnstampedEvent = z
  .looseObject({ type: z.string() })
  .transform((event): unknown => ({ ...event, seq: 1, time: '' }))
  .pipe(TrainEvent)
  .transform(({ seq: _, time: __, ...event }) => event as UnstampedTrainEvent)

const schemas = {
  train: UnstampedEvent,
  generate: GenerationEvent,
  evaluate: EvaluateEvent,
  export: ExportJobEvent,
  inspect: InspectEvent,
  measure: MeasureEvent,
  processor: ProcessorEvent,
} satisfies Record<EngineJob['kind'], z.ZodType>

export type JobKind = EngineJob['kind']
export type JobOf<K extends JobKind> = Extract<EngineJob, { kind: K }>
export type EventOf<K extends JobKind> = z.output<(typeof schemas)[K]>

/** @throws ZodError where the engine sent something else than its protocol says. */
export const parseEvent = <K extends JobKind>(kind: K, event: unknown): EventOf<K> =>
  schemas[kind].parse(event) as EventOf<K>
