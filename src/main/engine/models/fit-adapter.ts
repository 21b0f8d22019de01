/** Whether an adapter belongs to a model: each of its tensors has a place there. */
import type { LinearLayer } from '../nn/weights'
import { EngineError } from '../protocol'
import { type Anatomy, tensorsAndHead } from './anatomy'

/** What of an adapter has to fit. */
type Fitted<M> = {
  folder: string
  modules: readonly M[]
  tensors: ReadonlyMap<string, { shape: readonly number[] }>
  /** Names of the model's tensors that it replaces. */
  replaced: readonly string[]
}

/** The adapter's modules with the layers they belong to. @throws EngineError `bad_model` when it is for another model. */
export function fitAdapter<M extends { path: string; inputs: number; outputs: number }>(
  { folder, modules, tensors, replaced }: Fitted<M>,
  anatomy: Anatomy,
): (M & { layer: LinearLayer })[] {
  const own = tensorsAndHead(anatomy)
  const layers = new Map(anatomy.linears.map((layer) => [layer.path, layer]))
  for (const name of replaced) {
    const [found, expected] = [tensors.get(name)!.shape.join(', '), own.get(name)?.join(', ')]
    if (found !== expected)
      throw new EngineError(
        'bad_model',
        `${folder}: the adapter's ${name} [${found}] is no tensor of the model${expected === undefined ? '' : `, whose own is [${expected}]`}. It belongs to another model.`,
      )
  }
  return modules.map((module) => {
    const layer = layers.get(module.path)
    const [found, expected] = [`${module.inputs} → ${module.outputs}`, layer && `${layer.inputs} → ${layer.outputs}`]
    if (!layer || found !== expected)
      throw new EngineError(
        'bad_model',
        `${folder}: the adapter of ${module.path} (${found}) fits no layer of the model${layer ? `, whose own is ${expected}` : ''}. It belongs to another model.`,
      )
    return { ...module, layer }
  })
}
