/**
 * The studio's contract: every call, event stream and error. Implemented once, by `src/main/studio`; carried over
 * Electron's MessagePort and over WebSocket. The only description of the wire.
 */
import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import {
  ChatMessage,
  ConversationEntry,
  DatasetEntry,
  DatasetRow,
  DatasetStatistics,
  DoctorReport,
  ExportDtype,
  ExportEntry,
  ExportFormat,
  Measurement,
  ModelEntry,
  ModelReference,
  ProcessorReport,
  RowMapping,
  RunEntry,
} from './entries'
import { TrainEvent } from './events'
import { GenerationEvent, GenerationSettings, GivenGenerationSettings } from './generation'
import { GivenArguments, TrainingArguments } from './training-arguments'
import { TrainingMethodId } from './training-methods'

export * from './desktop'
export * from './entries'
export * from './events'
export * from './generation'
export * from './training-arguments'
export * from './training-methods'

/** Errors that a person can act on; `message` is the sentence to show. Anything else is a defect. */
export const studioErrors = {
  /** The id names nothing (any more). */
  NOT_FOUND: { data: z.object({ kind: z.string(), id: z.string() }) },
  /** A file or folder cannot be used; `line` from 1. */
  UNREADABLE: { data: z.object({ file: z.string(), line: z.number().nullable() }) },
  /** An argument's value is refused. */
  INVALID_ARGUMENT: { data: z.object({ argument: z.string() }) },
  /** The thing is in a state that does not allow the call. */
  CONFLICT: { data: z.object({ kind: z.string(), id: z.string() }) },
  /** A job of the engine failed. */
  JOB_FAILED: { data: z.object({ code: z.string() }) },
} as const

/** A file on this machine, or one that was uploaded to the browser host (`POST /upload`, which answers the id). */
export const FileSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('path'), path: z.string().min(1) }),
  z.object({ kind: z.literal('upload'), id: z.string().min(1) }),
])
export type FileSource = z.infer<typeof FileSource>

const procedure = oc.errors(studioErrors)
const byId = z.object({ id: z.string().min(1) })
const nothing = z.object({})

export const ImportEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), bytesRead: z.number(), bytesTotal: z.number(), rows: z.number() }),
  z.object({ type: z.literal('done'), dataset: DatasetEntry }),
])
export type ImportEvent = z.infer<typeof ImportEvent>

export const Estimate = z.object({
  arguments: TrainingArguments,
  trainRows: z.number(),
  validationRows: z.number(),
  steps: z.number(),
  stepsPerEpoch: z.number(),
  trainableParameters: z.number(),
  totalParameters: z.number(),
  /** Real tokens of one epoch after cutting; null where the data set has not been measured yet. */
  tokensPerEpoch: z.number().nullable(),
  /** From the speed of earlier runs of this model on this machine, else of its processor; null where neither is known. */
  seconds: z.number().nullable(),
  /** Each way to train this model with these arguments, about; a way that they do not allow is left out. */
  methods: z.array(z.object({ id: TrainingMethodId, memoryBytes: z.number(), seconds: z.number().nullable() })),
  memory: z.object({
    freeBytes: z.number(),
    /** One sentence where the run would not fit, with settings that would. */
    shortage: z.string().nullable(),
  }),
})
export type Estimate = z.infer<typeof Estimate>

const TrainRequest = z.object({
  modelId: z.string(),
  datasetId: z.string(),
  validationDatasetId: z.string().nullable().default(null),
  name: z.string().nullable().default(null),
  /** What the person gave; the rest follows from the model's recommendations and the defaults. */
  arguments: GivenArguments,
})

/** Methods are measured one after the other, each in a process of its own. */
export const MeasureEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('measuring'), method: TrainingMethodId, step: z.number(), steps: z.number() }),
  z.object({ type: z.literal('measured'), method: TrainingMethodId, measurement: Measurement }),
  z.object({ type: z.literal('failed'), method: TrainingMethodId, message: z.string() }),
])
export type MeasureEvent = z.infer<typeof MeasureEvent>

export const ExportEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), bytesWritten: z.number(), bytesTotal: z.number() }),
  z.object({ type: z.literal('done'), export: ExportEntry }),
])
export type ExportEvent = z.infer<typeof ExportEvent>

/** Which part of the catalogue changed; the window asks again for what it shows. */
export const CatalogueChange = z.object({
  kind: z.enum(['models', 'datasets', 'runs', 'conversations', 'exports']),
  id: z.string(),
})
export type CatalogueChange = z.infer<typeof CatalogueChange>

const ConversationWithMessages = ConversationEntry.extend({
  /** In order. With two models, answers to one question follow each other, one for each model. */
  messages: z.array(ChatMessage),
})

/** Events of an answer; `model` is the index in the conversation's `models`. */
export const ChatEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('message'), message: ChatMessage }),
  z.object({ type: z.literal('loading'), model: z.number() }),
  z.object({ type: z.literal('generation'), model: z.number(), event: GenerationEvent }),
  z.object({ type: z.literal('failed'), model: z.number(), message: z.string() }),
])
export type ChatEvent = z.infer<typeof ChatEvent>

export const contract = {
  system: {
    doctor: procedure.input(nothing).output(DoctorReport),
    /** What the processor is good for. Measured once, or again where asked; takes about two seconds. */
    processor: procedure.input(z.object({ again: z.boolean().default(false) })).output(ProcessorReport),
    /** Never ends; one item for each change. The first item comes at once, with an empty id, to say that watching began. */
    changes: procedure.input(nothing).output(eventIterator(CatalogueChange)),
  },
  models: {
    list: procedure.input(nothing).output(z.array(ModelEntry)),
    /** A folder in Hugging Face layout. A folder that cannot be used is listed with its `problem`. */
    add: procedure.input(z.object({ source: FileSource, name: z.string().min(1).optional() })).output(ModelEntry),
    rename: procedure.input(byId.extend({ name: z.string().min(1).max(120) })).output(ModelEntry),
    /** Takes the entry out of the catalogue; a folder of the person's own is not deleted. */
    remove: procedure.input(byId).output(nothing),
    /** Recommended arguments of the model's `camelot.json`. */
    recommendations: procedure
      .input(byId)
      .output(z.object({ training_arguments: GivenArguments, sample_prompts: z.array(z.string()) })),
  },
  datasets: {
    list: procedure.input(nothing).output(z.array(DatasetEntry)),
    import: procedure
      .input(z.object({ source: FileSource, name: z.string().min(1).optional() }))
      .output(eventIterator(ImportEvent)),
    rows: procedure
      .input(byId.extend({ offset: z.number().int().min(0), limit: z.number().int().min(1).max(200) }))
      .output(z.object({ rows: z.array(DatasetRow), total: z.number() })),
    /** Token statistics with a model's tokenizer; measured in a process of its own, kept for the next time. */
    statistics: procedure
      .input(byId.extend({ modelId: z.string(), maxLength: z.number().int().min(2).default(512) }))
      .output(DatasetStatistics),
    rename: procedure.input(byId.extend({ name: z.string().min(1).max(120) })).output(DatasetEntry),
    setMapping: procedure.input(byId.extend({ mapping: RowMapping })).output(DatasetEntry),
    /** Puts the data set aside; `restore` brings it back until the studio is closed. */
    remove: procedure.input(byId).output(nothing),
    restore: procedure.input(byId).output(DatasetEntry),
  },
  training: {
    estimate: procedure.input(TrainRequest).output(Estimate),
    /** Starts the run, or queues it behind the one that is running. */
    start: procedure.input(TrainRequest).output(RunEntry),
    /** Runs a few real steps by each of the methods; writes no run. Ends when all are measured; aborting stops it. */
    measure: procedure
      .input(TrainRequest.extend({ methods: z.array(TrainingMethodId).min(1) }))
      .output(eventIterator(MeasureEvent)),
  },
  runs: {
    list: procedure.input(nothing).output(z.array(RunEntry)),
    get: procedure.input(byId).output(RunEntry),
    /** Replays the run's events with a `seq` above `after`, then follows; ends when the run has ended. Closing it never stops the run. */
    watch: procedure
      .input(byId.extend({ after: z.number().int().min(0).default(0) }))
      .output(eventIterator(TrainEvent)),
    pause: procedure.input(byId).output(RunEntry),
    /** Goes on with a paused run, or from the last checkpoint of a stopped, failed or interrupted one. */
    resume: procedure.input(byId).output(RunEntry),
    /** Saves a checkpoint and ends the run. */
    stop: procedure.input(byId).output(RunEntry),
    rename: procedure.input(byId.extend({ name: z.string().min(1).max(120) })).output(RunEntry),
    /** Deletes the run with its checkpoints (not a folder that the person chose as output). */
    remove: procedure.input(byId).output(nothing),
  },
  chat: {
    list: procedure.input(nothing).output(z.array(ConversationEntry)),
    get: procedure.input(byId).output(ConversationWithMessages),
    create: procedure
      .input(z.object({ models: z.array(ModelReference).min(1).max(2), systemPrompt: z.string().default('') }))
      .output(ConversationWithMessages),
    update: procedure
      .input(
        byId.extend({
          title: z.string().min(1).max(200).optional(),
          models: z.array(ModelReference).min(1).max(2).optional(),
          systemPrompt: z.string().optional(),
        }),
      )
      .output(ConversationEntry),
    remove: procedure.input(byId).output(nothing),
    /** How a model draws where nobody says otherwise: as its maker recommends, or as we do. */
    settings: procedure.input(z.object({ model: ModelReference })).output(GenerationSettings),
    /** Adds the person's message and streams an answer from each model. Aborting stops it; what came so far is kept. */
    send: procedure
      .input(byId.extend({ text: z.string().min(1), settings: GivenGenerationSettings }))
      .output(eventIterator(ChatEvent)),
    /** Drops the answers to the last question and asks again. */
    regenerate: procedure.input(byId.extend({ settings: GivenGenerationSettings })).output(eventIterator(ChatEvent)),
  },
  exports: {
    list: procedure.input(nothing).output(z.array(ExportEntry)),
    start: procedure
      .input(
        z.object({
          source: ModelReference,
          format: ExportFormat,
          /** Of merged safetensors; null keeps the base's own type. */
          dtype: ExportDtype.nullable().default(null),
          /** Folder to write (Electron and command line), or null to download it (browser: `GET /exports/<id>.zip`). */
          folder: z.string().min(1).nullable(),
          overwrite: z.boolean().default(false),
        }),
      )
      .output(eventIterator(ExportEvent)),
    /** Forgets the entry; deletes the files only of a downloadable export. */
    remove: procedure.input(byId).output(nothing),
  },
}
export type StudioContract = typeof contract
