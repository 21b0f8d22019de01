/** An optimizer's state as a safetensors file in a checkpoint. */
import { EngineError } from '../../protocol'
import { readBytes, readHeader } from '../../weights/safetensors'
import { openTensors } from '../../weights/safetensors-writer'
import type { StateTensor } from './update-rule'

/** @throws EngineError `disk` with nothing half-written under the file's name. */
export async function writeOptimizerState(file: string, state: readonly StateTensor[]): Promise<void> {
  const byName = new Map(state.map((tensor) => [tensor.name, tensor]))
  const unfinished = await openTensors(file, state)
  try {
    for (const { name } of unfinished.layout) await unfinished.writeBytes(bytesOf(byName.get(name)!))
    await unfinished.finish()
  } finally {
    await unfinished.discard()
  }
}

/** Puts a saved state back in place. @throws EngineError `bad_data` where it is another optimizer's or run's. */
export async function restoreOptimizerState(file: string, state: readonly StateTensor[]): Promise<void> {
  const { tensors } = await readHeader(file)
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]))
  for (const tensor of state) {
    const entry = byName.get(tensor.name)
    if (!entry || entry.dtype !== tensor.dtype || entry.shape.join() !== tensor.shape.join())
      throw new EngineError(
        'bad_data',
        `${file}: tensor ${tensor.name} is ${entry ? `${entry.dtype} [${entry.shape.join(', ')}], expected ${tensor.dtype} [${tensor.shape.join(', ')}]` : 'missing'}: a run goes on with the optimizer and the trained tensors that it was begun with.`,
      )
    bytesOf(tensor).set(await readBytes(entry))
  }
}

const bytesOf = ({ data }: StateTensor) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
