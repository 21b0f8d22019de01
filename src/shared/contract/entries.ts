/** What the catalogue holds: models, data sets, runs, conversations and exports. */
import { z } from 'zod'
import { TrainingArguments } from './training-arguments'

const id = z.string().min(1)
const moment = z.string() // ISO 8601

export const ModelEntry = z.object({
  id,
  name: z.string(),
  folder: z.string(),
  bundled: z.boolean(),
  architecture: z.string().nullable(),
  parameters: z.number().nullable(),
  sizeBytes: z.number(),
  contextLength: z.number().nullable(),
  vocabularySize: z.number().nullable(),
  dtype: z.string().nullable(),
  hasChatTemplate: z.boolean(),
  /** For the folder of a PEFT adapter: the folder of the model that it stands over. */
  base: z.string().nullable().default(null),
  /** One sentence when the folder cannot be used, with what to do. */
  problem: z.string().nullable(),
  addedAt: moment,
})
export type ModelEntry = z.infer<typeof ModelEntry>

/** How a row's columns become text, or prompt and completion (see `docs/data.md` for the exact strings). */
export const RowMapping = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string() }),
  z.object({ kind: z.literal('completion'), prompt: z.string(), completion: z.string() }),
  z.object({ kind: z.literal('question'), question: z.string(), answer: z.string() }),
  z.object({
    kind: z.literal('instruction'),
    instruction: z.string(),
    input: z.string().nullable(),
    output: z.string(),
  }),
  z.object({ kind: z.literal('messages'), messages: z.string() }),
])
export type RowMapping = z.infer<typeof RowMapping>

export const DatasetFormat = z.enum(['jsonl', 'json', 'csv', 'txt'])
export type DatasetFormat = z.infer<typeof DatasetFormat>

export const DatasetEntry = z.object({
  id,
  name: z.string(),
  /** The file's name as it was imported. */
  sourceName: z.string(),
  format: DatasetFormat,
  rows: z.number(),
  sizeBytes: z.number(),
  columns: z.array(z.string()),
  mapping: RowMapping,
  /** Sentences about rows that were read but look wrong. */
  problems: z.array(z.string()),
  importedAt: moment,
})
export type DatasetEntry = z.infer<typeof DatasetEntry>

export const DatasetRow = z.object({
  /** From 0. */
  index: z.number(),
  /** The row's own columns, as JSON values. */
  columns: z.record(z.string(), z.unknown()),
  /** null where the row has no prompt. */
  prompt: z.string().nullable(),
  completion: z.string(),
})
export type DatasetRow = z.infer<typeof DatasetRow>

export const DatasetStatistics = z.object({
  rows: z.number(),
  format: DatasetFormat,
  columns: z.array(z.string()),
  tokens: z.object({
    total: z.number(),
    supervised: z.number(),
    min: z.number(),
    median: z.number(),
    p95: z.number(),
    max: z.number(),
  }),
  truncated: z.number(),
  unsupervised: z.number(),
  duplicates: z.number(),
  problems: z.array(z.string()),
})
export type DatasetStatistics = z.infer<typeof DatasetStatistics>

/** queued → running ⇄ paused → done | stopped | failed | interrupted (its process went away; can be resumed). */
export const RunStatus = z.enum(['queued', 'running', 'paused', 'done', 'stopped', 'failed', 'interrupted'])
export type RunStatus = z.infer<typeof RunStatus>

export const RunEntry = z.object({
  id,
  name: z.string(),
  modelId: z.string(),
  modelName: z.string(),
  modelFolder: z.string(),
  datasetId: z.string(),
  datasetName: z.string(),
  status: RunStatus,
  arguments: TrainingArguments,
  outputDir: z.string(),
  step: z.number(),
  steps: z.number(),
  loss: z.number().nullable(),
  evalLoss: z.number().nullable(),
  tokensPerSecond: z.number().nullable(),
  peakMemoryBytes: z.number().nullable(),
  etaSeconds: z.number().nullable(),
  checkpoints: z.array(z.object({ step: z.number(), path: z.string(), evalLoss: z.number().nullable() })),
  /** Step of the checkpoint that is the run's model. */
  bestStep: z.number().nullable(),
  error: z.string().nullable(),
  createdAt: moment,
  finishedAt: moment.nullable(),
})
export type RunEntry = z.infer<typeof RunEntry>

/** A model to chat with, evaluate or export: a base model, or a run's best (step null) or named checkpoint. */
export const ModelReference = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('model'), id }),
  z.object({ kind: z.literal('run'), id, step: z.number().int().nullable() }),
])
export type ModelReference = z.infer<typeof ModelReference>

export const ChatMessage = z.object({
  id,
  role: z.enum(['system', 'user', 'assistant']),
  text: z.string(),
  /** For answers: who gave it, and how fast. */
  model: ModelReference.nullable(),
  tokens: z.number().nullable(),
  tokensPerSecond: z.number().nullable(),
  stopReason: z.string().nullable(),
  createdAt: moment,
})
export type ChatMessage = z.infer<typeof ChatMessage>

export const ConversationEntry = z.object({
  id,
  title: z.string(),
  /** One model, or two side by side. */
  models: z.array(ModelReference).min(1).max(2),
  systemPrompt: z.string(),
  updatedAt: moment,
})
export type ConversationEntry = z.infer<typeof ConversationEntry>

export const ExportFormat = z.enum(['peft', 'safetensors'])
export const ExportDtype = z.enum(['f32', 'f16', 'bf16'])

export const ExportEntry = z.object({
  id,
  source: ModelReference,
  sourceName: z.string(),
  format: ExportFormat,
  dtype: ExportDtype.nullable(),
  /** Folder that was written; for a download, a folder in the studio's own data. */
  folder: z.string(),
  /** True where the export waits to be downloaded as one zip archive. */
  downloadable: z.boolean(),
  sizeBytes: z.number(),
  createdAt: moment,
})
export type ExportEntry = z.infer<typeof ExportEntry>

/** `manifest.json` of an export, written last. */
export const ExportManifest = z.object({
  format: ExportFormat,
  dtype: ExportDtype.nullable(),
  source: z.string(),
  files: z.array(z.object({ name: z.string(), sizeBytes: z.number(), sha256: z.string() })),
  createdAt: moment,
  folder: z.string(),
})
export type ExportManifest = z.infer<typeof ExportManifest>

export const DoctorReport = z.object({
  version: z.string(),
  node: z.string(),
  electron: z.string().nullable(),
  onnxruntime: z.string(),
  platform: z.string(),
  home: z.string(),
  devices: z.array(z.object({ name: z.string(), available: z.boolean(), detail: z.string() })),
  memory: z.object({ totalBytes: z.number(), freeBytes: z.number() }),
  disk: z.object({ freeBytes: z.number() }),
})
export type DoctorReport = z.infer<typeof DoctorReport>

/** What a trial step of a run came to on this machine. */
export const Measurement = z.object({
  /** The most memory that the process held, on the longest batch of the data. */
  peakMemoryBytes: z.number(),
  /** Of an average step of the run. */
  secondsPerStep: z.number(),
  /** Real tokens. */
  tokensPerSecond: z.number(),
  /** The whole run, evaluations included. */
  seconds: z.number(),
})
export type Measurement = z.infer<typeof Measurement>

/** How many operations of matrix products a second the processor does, a multiplication and an addition being two. */
export const ProcessorRates = z.object({ float32: z.number(), int8: z.number() })
export type ProcessorRates = z.infer<typeof ProcessorRates>

export const ProcessorReport = z.object({
  name: z.string(),
  cores: z.number(),
  /** Instructions that matter here (`AVX2`, `AVX-512`, `VNNI`, `AMX`, `NEON`); null where the system does not tell. */
  features: z.array(z.string()).nullable(),
  rates: ProcessorRates,
  /** Which lane is good here, in one sentence. */
  advice: z.string(),
})
export type ProcessorReport = z.infer<typeof ProcessorReport>
