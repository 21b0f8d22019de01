/**
 * A run's checkpoint as the Trainer lays it out: `checkpoint-N/` with the adapter or the model, the tokenizer's files,
 * `trainer_state.json`, and the optimizer's state. Written under a temporary name and renamed, so that what is called
 * checkpoint-N is whole.
 */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { TrainingArguments } from '../../../shared/contract'
import { openFolder } from '../files/folder'
import { parseJson, readTextIfThere } from '../files/json'
import { asDiskError, writeTextWhole } from '../files/whole'
import { EngineError } from '../protocol'
import type { HostTensor } from '../runtime/session'
import { copyCompanions, tokenizerFiles } from '../weights/companions'
import { elementsIn } from '../weights/dtypes'
import { readAdapter, writeAdapter } from '../weights/peft'
import { readFloat32, readHeader, type TensorEntry } from '../weights/safetensors'
import { writeSafetensors } from '../weights/safetensors-writer'
import type { OpenModel } from './open-model'
import type { Optimizer } from './optimizers'
import { restoreOptimizerState, writeOptimizerState } from './optimizers/state-file'
import { type Parameters, tensorsOf } from './parameters'
import type { Trainable } from './trainable'

/** One line of the log, under the Trainer's own keys. */
const LogEntry = z.looseObject({ step: z.number(), epoch: z.number() })
export const TrainerState = z.object({
  global_step: z.number().int(),
  epoch: z.number(),
  max_steps: z.number(),
  num_train_epochs: z.number(),
  train_batch_size: z.number(),
  logging_steps: z.number(),
  eval_steps: z.number().nullable(),
  save_steps: z.number(),
  best_metric: z.number().nullable(),
  best_global_step: z.number().nullable(),
  best_model_checkpoint: z.string().nullable(),
  is_local_process_zero: z.literal(true),
  is_world_process_zero: z.literal(true),
  log_history: z.array(LogEntry),
  /** What the studio needs beyond the Trainer's keys to go on exactly where the run was. */
  camelot: z.object({
    lossSinceLog: z.number(),
    stepsSinceLog: z.number(),
    trainLossSum: z.number(),
    seconds: z.number(),
    realTokens: z.number(),
    evaluationsWithoutGain: z.number(),
    bestLoss: z.number().nullable(),
  }),
})
export type TrainerState = z.infer<typeof TrainerState>

export type CheckpointContent = {
  open: OpenModel
  trainable: Trainable
  parameters: Parameters
  optimizer: Pick<Optimizer, 'state'>
  arguments: TrainingArguments
  state: TrainerState
}

const stateFile = 'trainer_state.json'
const optimizerFile = 'optimizer.safetensors'

/** @returns the folder's path. @throws EngineError `disk` with nothing half-written under the checkpoint's name. */
export async function writeCheckpoint(outputDir: string, content: CheckpointContent): Promise<string> {
  const path = join(outputDir, `checkpoint-${content.state.global_step}`)
  const folder = await openFolder(path)
  try {
    await writeContent(folder.path, content)
    await folder.finish()
  } catch (error) {
    throw asDiskError(error, path)
  } finally {
    await folder.discard()
  }
  return path
}

async function writeContent(folder: string, content: CheckpointContent) {
  const { open, parameters, trainable, state } = content
  if (trainable.adapter)
    await writeAdapter(folder, trainable.adapter.config, Object.entries(valuesOf(parameters)).map(tensor))
  else await writeModelFiles(folder, content)
  await copyCompanions(open.folder, folder, tokenizerFiles)
  await writeOptimizerState(join(folder, optimizerFile), content.optimizer.state)
  await writeTextWhole(join(folder, 'training_args.json'), `${JSON.stringify(content.arguments, null, 2)}\n`)
  await writeTextWhole(
    join(folder, 'scheduler.json'),
    `${JSON.stringify({ last_epoch: state.global_step }, null, 2)}\n`,
  )
  await writeTextWhole(
    join(folder, 'rng_state.json'),
    `${JSON.stringify({ seed: content.arguments.seed, step: state.global_step }, null, 2)}\n`,
  )
  await writeTextWhole(join(folder, stateFile), `${JSON.stringify(state, null, 2)}\n`)
}

const valuesOf = (parameters: Parameters) => tensorsOf(parameters, parameters.weights)
const tensor = ([name, { shape, data }]: [string, HostTensor]) => ({ name, shape, data: data as Float32Array })

/** Every tensor of the model: those that are trained, and the frozen ones as the checkpoint has them. */
async function writeModelFiles(folder: string, { open, trainable, parameters }: CheckpointContent) {
  const trained = valuesOf(parameters)
  const entries = trainable.all.map(({ name, shape, stored }) => ({
    name,
    shape,
    dtype: 'F32' as const,
    data: () => (trained[name]?.data as Float32Array) ?? readFloat32(open.checkpoint.tensors.get(stored)!),
  }))
  await writeSafetensors(join(folder, 'model.safetensors'), entries)
  await writeTextWhole(
    join(folder, 'config.json'),
    `${JSON.stringify({ ...(open.checkpoint.config as object), dtype: 'float32', torch_dtype: 'float32' }, null, 2)}\n`,
  )
  await copyCompanions(open.folder, folder, ['generation_config.json'])
}

/** The state of a checkpoint. @throws EngineError `bad_data` where the folder is none. */
export async function readState(folder: string): Promise<TrainerState> {
  const file = join(folder, stateFile)
  const text = await readTextIfThere(file, 'bad_data')
  if (text === null)
    throw new EngineError('bad_data', `${folder} is no checkpoint to go on from: ${stateFile} is missing.`)
  const parsed = TrainerState.safeParse(parseJson(text, file, 'bad_data'))
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  throw new EngineError(
    'bad_data',
    `${file}: ${issue.path.join('.')} is missing or wrong, so the run cannot go on from here.`,
  )
}

/** What a run goes on with. */
type Restored = { parameters: Parameters; optimizer: Pick<Optimizer, 'state'>; adapter: boolean }

/** Puts a checkpoint's weights and the optimizer's state back. @throws EngineError `bad_data` where a tensor is missing or of another size. */
export async function restoreCheckpoint(folder: string, { parameters, optimizer, adapter }: Restored) {
  if (adapter) await fillFromAdapter(folder, parameters)
  else await fillFromFile(join(folder, 'model.safetensors'), parameters)
  await restoreOptimizerState(join(folder, optimizerFile), optimizer.state)
}

/** Fills the trained matrices from an adapter's folder. @throws EngineError `bad_data` */
export async function fillFromAdapter(folder: string, parameters: Parameters): Promise<void> {
  const { tensors } = await readAdapter(folder)
  await fill(folder, tensors, parameters)
}

async function fillFromFile(file: string, parameters: Parameters) {
  const { tensors } = await readHeader(file)
  await fill(file, new Map(tensors.map((tensor) => [tensor.name, tensor])), parameters)
}

async function fill(place: string, tensors: ReadonlyMap<string, TensorEntry>, { stretches, weights }: Parameters) {
  for (const { name, offset, length } of stretches) {
    const entry = tensors.get(name)
    const size = entry && elementsIn(entry.shape)
    if (!entry || size !== length)
      throw new EngineError(
        'bad_data',
        `${place}: tensor ${name} is ${entry ? `of another size (${size}, expected ${length})` : 'missing'}.`,
      )
    weights.set(await readFloat32(entry), offset)
  }
}

/** Numbers of the checkpoints in a folder, ascending. */
export async function checkpointSteps(outputDir: string): Promise<number[]> {
  const names = await readdir(outputDir).catch(() => [])
  return names
    .flatMap((name) => /^checkpoint-(\d+)$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b)
}
