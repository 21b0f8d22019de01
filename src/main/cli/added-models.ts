/** Takes a model folder into the catalogue for good only when it can be used. */
import type { ModelEntry } from '../../shared/contract'
import type { Session } from './command'
import { Failure } from './exit-status'

/** @throws Failure with what is wrong in the folder; the catalogue is then as it was */
export async function addModel(path: string, name: string | undefined, session: Session): Promise<ModelEntry> {
  const { client } = await session.studio()
  const before = await client.models.list({})
  const model = await client.models.add({ source: { kind: 'path', path }, name })
  if (model.problem === null) return model
  if (!before.some(({ id }) => id === model.id)) await client.models.remove({ id: model.id })
  throw new Failure(model.problem)
}
