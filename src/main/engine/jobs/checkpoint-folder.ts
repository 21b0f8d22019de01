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
import { loraNames } from '../nn/lora'
import type { LinearLayer } from '../nn/weights'
import { EngineError } from '../protocol'
import { copyCompanions, tokenizerFiles } from '../weights/companions'
import { adapterWeightsFile, nameInAdapter, writeAdapter } from '../weights/peft'
import { readFloat32, readHeader } from '../weights/safetensors'
import { writeSafetensors } from '../weights/safetensors-writer'
import type { OpenModel } from './open-model'
import { type Parameters, tensorsOf } from './parameters'

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
  parameters: Parameters
  arguments: TrainingArguments
  state: TrainerState
  /** null for full fine-tuning. */
  adapter: AdapterContent | null
}
export type AdapterContent = {
  r: number
  alpha: number
  dropout: number
  targets: readonly string[]
  layers: readonly LinearLayer[]
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
  const { open, parameters, adapter, state } = content
  if (adapter) await writeAdapterFiles(folder, content, adapter)
  else await writeModelFiles(folder, open, parameters)
  await copyCompanions(open.folder, folder, tokenizerFiles)
  await writeSafetensors(join(folder, optimizerFile), optimizerTensors(parameters))
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

function writeAdapterFiles(folder: string, { open, parameters }: CheckpointContent, adapter: AdapterContent) {
  const weights = tensorsOf(parameters, parameters.weights)
  const { targets: targetModules, layers, ...settings } = adapter
  return writeAdapter(folder, {
    config: {
      ...settings,
      targetModules,
      baseModel: open.folder,
      fanInFanOut: layers.some(({ stored }) => stored === 'in-out'),
    },
    modules: layers.map(({ path, inputs, outputs }) => {
      const names = loraNames(path)
      return {
        path,
        inputs,
        outputs,
        a: weights[names.a]!.data as Float32Array,
        b: weights[names.b]!.data as Float32Array,
      }
    }),
  })
}

async function writeModelFiles(folder: string, open: OpenModel, parameters: Parameters) {
  const weights = Object.entries(tensorsOf(parameters, parameters.weights))
  await writeSafetensors(
    join(folder, 'model.safetensors'),
    weights.map(([name, { data, shape }]) => ({ name, dtype: 'F32', shape, data: () => data as Float32Array })),
  )
  await writeTextWhole(
    join(folder, 'config.json'),
    `${JSON.stringify({ ...(open.checkpoint.config as object), dtype: 'float32', torch_dtype: 'float32' }, null, 2)}\n`,
  )
  await copyCompanions(open.folder, folder, ['generation_config.json'])
}

const optimizerTensors = (parameters: Parameters) =>
  (['firstMoments', 'secondMoments'] as const).flatMap((kind) =>
    Object.entries(tensorsOf(parameters, parameters[kind])).map(([name, { data, shape }]) => ({
      name: `${kind}/${name}`,
      dtype: 'F32' as const,
      shape,
      data: () => data as Float32Array,
    })),
  )

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

/** Puts a checkpoint's weights and moments back. @throws EngineError `bad_data` where a tensor is missing or of another size. */
export async function restoreParameters(folder: string, parameters: Parameters, adapter: boolean) {
  if (adapter) await fillFromAdapter(folder, parameters)
  else await fill(join(folder, 'model.safetensors'), parameters, parameters.weights, (name) => name)
  for (const kind of ['firstMoments', 'secondMoments'] as const)
    await fill(join(folder, optimizerFile), parameters, parameters[kind], (name) => `${kind}/${name}`)
}

/** Fills the trained matrices from an adapter's folder. @throws EngineError `bad_data` */
export const fillFromAdapter = (folder: string, parameters: Parameters) =>
  fill(join(folder, adapterWeightsFile), parameters, parameters.weights, nameInAdapter)

/** Fills one of the long arrays from a file. */
async function fill(file: string, parameters: Parameters, array: Float32Array, inFile: (name: string) => string) {
  const { tensors } = await readHeader(file)
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]))
  for (const { name, offset, length } of parameters.stretches) {
    const entry = byName.get(inFile(name))
    const size = entry?.shape.reduce((product, side) => product * side, 1)
    if (!entry || size !== length)
      throw new EngineError(
        'bad_data',
        `${file}: tensor ${inFile(name)} is ${entry ? `of another size (${size}, expected ${length})` : 'missing'}.`,
      )
    array.set(await readFloat32(entry), offset)
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
