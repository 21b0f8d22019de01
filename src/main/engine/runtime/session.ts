/**
 * The only door to ONNX Runtime. A session is made from a model; tensors are typed arrays that the caller owns:
 * feeds are read in place, and an output given as a target is written in place.
 */
import { randomUUID } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as ort from 'onnxruntime-node'
import { encodeModel, type OnnxModel } from '../onnx/model'
import { EngineError, saysOutOfMemory } from '../protocol'

export type TensorData = Float32Array | Int32Array | BigInt64Array | Uint32Array
export type HostTensor = { data: TensorData; shape: readonly number[] }
export type Tensors = Readonly<Record<string, HostTensor>>

export type SessionOptions = {
  /** Folder that holds the files the model's tensors point into. */
  folder?: string | undefined
  /** Keep a repacked copy of constant matrices: faster products of few rows, more memory. */
  prepack?: boolean
  threads?: number
}

/** A compiled model. `run` blocks the whole process while it computes. */
export type Session = {
  /** Runs once. Outputs named in `into` are written to those arrays; the others are returned in new ones. */
  run(feeds: Tensors, into?: Tensors): Promise<Record<string, HostTensor>>
  close(): Promise<void>
}

/** @throws EngineError `out_of_memory`, or `internal` where ONNX Runtime refuses the model. */
export async function openSession(model: OnnxModel, options: SessionOptions = {}): Promise<Session> {
  const session = await create(model, options)
  const outputNames = model.outputs.map(({ name }) => name)
  return {
    async run(feeds, into = {}) {
      const fetches = Object.fromEntries(outputNames.map((name) => [name, into[name] ? wrap(into[name]) : null]))
      const results = await guarded(() => session.run(mapValues(feeds, wrap), fetches))
      return mapValues(results, unwrap)
    },
    close: () => session.release(),
  }
}

/** Each session leaves a trace in this folder: the time, place and shapes of every node (see bench/profile.ts). */
const traceFolder = process.env.CAMELOT_TRACE

const tracing = (name: string) =>
  traceFolder ? { enableProfiling: true, profileFilePrefix: join(traceFolder, `${name}-${randomUUID()}`) } : {}

async function create(model: OnnxModel, { folder, prepack = false, threads }: SessionOptions) {
  const bytes = encodeModel(model)
  const settings: ort.InferenceSession.SessionOptions = {
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'all',
    enableMemPattern: false,
    logSeverityLevel: 3,
    ...(threads ? { intraOpNumThreads: threads } : {}),
    ...tracing(model.name),
    extra: { session: { disable_prepacking: prepack ? '0' : '1', 'intra_op.allow_spinning': '0' } },
  }
  if (!folder) return guarded(() => ort.InferenceSession.create(bytes, settings))
  // External data is found beside the model, so the model must be a file of that folder for a moment.
  const file = join(folder, `graph-${randomUUID()}.onnx`)
  await writeFile(file, bytes)
  try {
    return await guarded(() => ort.InferenceSession.create(file, settings))
  } finally {
    await rm(file, { force: true })
  }
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    if (saysOutOfMemory(message))
      throw new EngineError(
        'out_of_memory',
        'The engine ran out of memory: try a smaller batch size (with more accumulation), a shorter max length, or LoRA in place of full.',
      )
    throw new EngineError('internal', `ONNX Runtime failed: ${message}`)
  }
}

function wrap({ data, shape }: HostTensor): ort.Tensor {
  if (data instanceof Float32Array) return new ort.Tensor('float32', data, shape)
  if (data instanceof BigInt64Array) return new ort.Tensor('int64', data, shape)
  if (data instanceof Uint32Array) return new ort.Tensor('uint32', data, shape)
  return new ort.Tensor('int32', data, shape)
}

const unwrap = (tensor: ort.OnnxValue): HostTensor => ({ data: tensor.data as TensorData, shape: tensor.dims })

const mapValues = <A, B>(record: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]))
