/**
 * The export of a whole model as safetensors: every tensor of the checkpoint, an adapter merged in where there is one,
 * in the base's own types or one that was asked for; in shards of at most 5 GB, as `save_pretrained` makes them. An
 * adapter that was trained over a quantized base is merged into the checkpoint's own weights, as peft does when it loads
 * them unquantized: what quantizing took away stays there.
 */
import { join } from 'node:path'
import type { z } from 'zod'
import type { ExportDtype } from '../../../shared/contract'
import { isRecord } from '../files/json'
import { writeTextWhole } from '../files/whole'
import { modelOf } from '../models'
import type { ExportSpec } from '../protocol'
import { openCheckpoint } from '../weights/checkpoint'
import { copyCompanions, tokenizerFiles } from '../weights/companions'
import { type Dtype, isFloat } from '../weights/dtypes'
import { readBytes, readFloat32, type TensorEntry } from '../weights/safetensors'
import { bytesOf, openTensors, type TensorLayout, type UnfinishedTensors } from '../weights/safetensors-writer'
import { type Change, type Merges, mergesOf } from './adapter-merges'
import type { PlannedExport } from './export-plan'

type FloatName = z.infer<typeof ExportDtype>
/** A tensor to be written: its layout there, where it comes from, and what is done to it. */
type PlannedTensor = TensorLayout & Change

const dtypes: Record<FloatName, Dtype> = { f32: 'F32', f16: 'F16', bf16: 'BF16' }
const longNames: Record<FloatName, string> = { f32: 'float32', f16: 'float16', bf16: 'bfloat16' }
const largestShardBytes = 5e9

/** @throws EngineError `bad_model` */
export async function mergedExport(
  { model, dtype }: ExportSpec,
  shardBytes = largestShardBytes,
): Promise<PlannedExport> {
  const checkpoint = await openCheckpoint(model.folder)
  const architecture = modelOf(checkpoint.config, join(model.folder, 'config.json'))
  const merges = model.adapter === null ? unchanged : await mergesOf(model.adapter, architecture, checkpoint)
  const tensors = planned(checkpoint.tensors, merges.changes, dtype)
  const written = dtype ?? commonDtype(tensors)
  return {
    bytesTotal: bytesOf(tensors),
    dtype: written,
    async *write(folder) {
      yield* writeShards(folder, shardsOf(tensors, shardBytes))
      await copyCompanions(model.folder, folder, [...tokenizerFiles, 'generation_config.json'])
      // Weights that the checkpoint has in 4 bits are written as the floats they stand for.
      const { quantization_config: _, ...own } = checkpoint.config as Record<string, unknown>
      const config = {
        ...own,
        ...(written && dtypeFields(checkpoint.config, written)),
        ...(merges.untied && { tie_word_embeddings: false }),
      }
      await writeTextWhole(join(folder, 'config.json'), `${JSON.stringify(config, null, 2)}\n`)
    },
  }
}

const unchanged: Merges = { changes: new Map(), untied: false }

/** The checkpoint's tensors, changed where the adapter changes them, in its own types or the one asked for. */
function planned(
  stored: ReadonlyMap<string, TensorEntry>,
  changes: ReadonlyMap<string, Change>,
  asked: FloatName | null,
): PlannedTensor[] {
  const names = new Set([...stored.keys(), ...changes.keys()])
  return [...names].map((name) => {
    const { source, merge } = changes.get(name) ?? { source: stored.get(name)!, merge: null }
    const own = (stored.get(name) ?? source).dtype
    return { name, shape: source.shape, source, merge, dtype: asked !== null && isFloat(own) ? dtypes[asked] : own }
  })
}

/** The type that all floating point tensors share, or null. */
function commonDtype(tensors: readonly PlannedTensor[]): FloatName | null {
  const found = new Set(tensors.filter(({ shape }) => shape.length > 0).map(({ dtype }) => dtype))
  const names = (Object.keys(dtypes) as FloatName[]).filter((name) => found.has(dtypes[name]))
  return names.length === 1 ? names[0]! : null
}

/** `dtype` is the name of today, `torch_dtype` the one that every version reads. */
const dtypeFields = (config: unknown, name: FloatName): Record<string, string> => {
  const fields = isRecord(config) ? ['dtype', 'torch_dtype'].filter((field) => field in config) : []
  return Object.fromEntries((fields.length > 0 ? fields : ['torch_dtype']).map((field) => [field, longNames[name]]))
}

/** Tensors in their order, as many in a shard as fit; one that is larger has a shard of its own. */
function shardsOf(tensors: readonly PlannedTensor[], shardBytes: number): PlannedTensor[][] {
  const shards: PlannedTensor[][] = [[]]
  let bytes = 0
  for (const tensor of tensors) {
    const size = bytesOf([tensor])
    if (bytes > 0 && bytes + size > shardBytes) {
      shards.push([])
      bytes = 0
    }
    shards.at(-1)!.push(tensor)
    bytes += size
  }
  return shards
}

async function* writeShards(folder: string, shards: PlannedTensor[][]): AsyncGenerator<number> {
  const number = (value: number) => String(value).padStart(5, '0')
  const nameOf = (shard: number) => `model-${number(shard + 1)}-of-${number(shards.length)}.safetensors`
  let written = 0
  for (const [place, tensors] of shards.entries()) {
    const name = shards.length === 1 ? 'model.safetensors' : nameOf(place)
    for await (const bytes of writeShard(join(folder, name), tensors)) {
      written += bytes
      yield written
    }
  }
  if (shards.length === 1) return
  const places = shards.flatMap((tensors, place) => tensors.map(({ name }) => [name, nameOf(place)] as const))
  const index = { metadata: { total_size: written }, weight_map: Object.fromEntries(places) }
  await writeTextWhole(join(folder, 'model.safetensors.index.json'), `${JSON.stringify(index, null, 2)}\n`)
}

/** Yields each tensor's bytes after it is written. */
async function* writeShard(file: string, tensors: readonly PlannedTensor[]): AsyncGenerator<number> {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]))
  const unfinished = await openTensors(file, tensors)
  try {
    for (const { name } of unfinished.layout) {
      await writeTensor(unfinished, byName.get(name)!)
      yield bytesOf([byName.get(name)!])
    }
    await unfinished.finish()
  } finally {
    await unfinished.discard()
  }
}

async function writeTensor(file: UnfinishedTensors, { source, dtype, merge }: PlannedTensor): Promise<void> {
  if (merge === null && source.dtype === dtype) return file.writeBytes(await readBytes(source))
  const values = await readFloat32(source)
  await merge?.(values)
  await file.writeValues(values)
}
