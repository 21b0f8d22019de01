/**
 * What the engine's process is asked and what it answers. Messages cross a child process's IPC channel as JSON,
 * so everything here is plain data. One process runs one job at a time; a generating process keeps its models.
 */
import { z } from 'zod'
import {
  DatasetStatistics,
  ExportDtype,
  ExportFormat,
  ExportManifest,
  GivenArguments,
  GivenGenerationSettings,
  Measurement,
  ProcessorRates,
  RowMapping,
} from '../../shared/contract'

/** A model on disk: a folder in Hugging Face layout and, for a tuned one, a PEFT adapter's folder over it. */
export const ModelFiles = z.object({ folder: z.string(), adapter: z.string().nullable() })
export type ModelFiles = z.infer<typeof ModelFiles>

/** Rows as one JSON object a line (UTF-8, `\n`), and how their columns become text. */
export const RowsFile = z.object({ file: z.string(), mapping: RowMapping })
export type RowsFile = z.infer<typeof RowsFile>

export const TrainSpec = z.object({
  run: z.string(),
  model: ModelFiles,
  train: RowsFile,
  validation: RowsFile.nullable(),
  /** Folder of the checkpoints. */
  outputDir: z.string(),
  /** Folder for files that can be made again (weights prepared for mapping). */
  cacheDir: z.string(),
  /** What the person gave; the engine resolves the rest (recommendations, defaults) and says so in `start`. */
  arguments: GivenArguments,
  /** Checkpoint folder to go on from, or null for a new run. */
  resumeFrom: z.string().nullable(),
  /** Prompts whose greedy continuation is shown after each evaluation (at most 3 are used). */
  samplePrompts: z.array(z.string()),
})
export type TrainSpec = z.infer<typeof TrainSpec>

const Chat = z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() }))

export const GenerateSpec = z.object({
  model: ModelFiles,
  cacheDir: z.string(),
  /** Plain text to continue, or turns that go through the model's chat template (or the question/answer layout where it has none). */
  prompt: z.union([z.object({ text: z.string() }), z.object({ chat: Chat })]),
  /** What the person gave; the engine fills it up from the model's generation_config.json, then with defaults. */
  settings: GivenGenerationSettings,
})
export type GenerateSpec = z.infer<typeof GenerateSpec>

export const EvaluateSpec = z.object({
  model: ModelFiles,
  cacheDir: z.string(),
  rows: RowsFile,
  maxLength: z.number().int(),
  batchSize: z.number().int(),
  completionOnlyLoss: z.boolean(),
  /** How the model's linear layers are held while it is measured. */
  quantization: z.enum(['none', 'int8', 'nf4', 'fp4']).default('none'),
})
export type EvaluateSpec = z.infer<typeof EvaluateSpec>

export const ExportSpec = z.object({
  model: ModelFiles,
  format: ExportFormat,
  dtype: ExportDtype.nullable(),
  folder: z.string(),
  overwrite: z.boolean(),
  /** Name of the source, for the manifest and the model card. */
  sourceName: z.string(),
})
export type ExportSpec = z.infer<typeof ExportSpec>

export const InspectSpec = z.object({
  model: ModelFiles,
  rows: RowsFile,
  format: z.enum(['jsonl', 'json', 'csv', 'txt']),
  columns: z.array(z.string()),
  maxLength: z.number().int(),
})
export type InspectSpec = z.infer<typeof InspectSpec>

/** A trial step: the run that would be started, without its place. Nothing of it is written but the cache. */
export const MeasureSpec = TrainSpec.pick({
  model: true,
  train: true,
  validation: true,
  cacheDir: true,
  arguments: true,
})
export type MeasureSpec = z.infer<typeof MeasureSpec>

export const ProcessorSpec = z.object({
  /** How long to measure each kind of product. */
  milliseconds: z.number().positive(),
})
export type ProcessorSpec = z.infer<typeof ProcessorSpec>

export const EngineJob = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('train'), spec: TrainSpec }),
  z.object({ kind: z.literal('generate'), spec: GenerateSpec }),
  z.object({ kind: z.literal('evaluate'), spec: EvaluateSpec }),
  z.object({ kind: z.literal('export'), spec: ExportSpec }),
  z.object({ kind: z.literal('inspect'), spec: InspectSpec }),
  z.object({ kind: z.literal('measure'), spec: MeasureSpec }),
  z.object({ kind: z.literal('processor'), spec: ProcessorSpec }),
])
export type EngineJob = z.infer<typeof EngineJob>

export const EvaluateEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), rows: z.number(), total: z.number() }),
  z.object({ type: z.literal('done'), loss: z.number(), perplexity: z.number(), tokens: z.number() }),
])
export const ExportJobEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), bytesWritten: z.number(), bytesTotal: z.number() }),
  z.object({ type: z.literal('done'), manifest: ExportManifest }),
])
export const InspectEvent = z.object({ type: z.literal('done'), statistics: DatasetStatistics })
export const MeasureEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), step: z.number(), steps: z.number() }),
  z.object({ type: z.literal('done'), measurement: Measurement }),
])
export const ProcessorEvent = z.object({ type: z.literal('done'), rates: ProcessorRates })

/** To the process. `stop` ends a train job after a checkpoint, and any other job at once. */
export const ToEngine = z.discriminatedUnion('type', [
  z.object({ type: z.literal('run'), id: z.string(), job: EngineJob }),
  z.object({ type: z.literal('control'), id: z.string(), action: z.enum(['stop', 'pause', 'continue']) }),
])
export type ToEngine = z.infer<typeof ToEngine>

/** From the process. A job's events come in order and end with `end` or `failed`. `ready` is said once, first. */
export const FromEngine = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('event'), id: z.string(), event: z.looseObject({ type: z.string() }) }),
  z.object({ type: z.literal('end'), id: z.string() }),
  z.object({ type: z.literal('failed'), id: z.string(), code: z.string(), message: z.string() }),
])
export type FromEngine = z.infer<typeof FromEngine>

/** Whether those are the words in which V8, the C++ library or ONNX Runtime say that memory ran out. */
export const saysOutOfMemory = (words: string): boolean =>
  /out of memory|bad_alloc|(buffer|array) allocation failed|failed to allocate|cannot allocate|typed array length: \d{9}/i.test(
    words,
  )

/** A failure that a person can act on: a code for programs and one sentence for people. */
export class EngineError extends Error {
  constructor(
    /** `bad_model`, `bad_data`, `bad_arguments`, `out_of_memory`, `not_finite`, `disk`, `not_available`, `cancelled`. */
    readonly code: string,
    message: string,
  ) {
    super(message)
    this.name = 'EngineError'
  }
}
