/** Models: list, add, rename, remove, and what their makers recommend. */

import { conflict, unreadable } from '../library/failure'
import { isFolder } from '../library/uploads'
import type { StudioContext } from './context'
import { procedures } from './procedures'

export function modelProcedures({ library, uploads }: StudioContext) {
  const { models } = library
  const os = procedures.models
  return {
    list: os.list.handler(() => models.list()),

    add: os.add.handler(async ({ input: { source, name } }) => {
      if (source.kind === 'path') return models.addFolder(source.path, name)
      const upload = await uploads.locate(source)
      if (!(await isFolder(upload.path)))
        throw unreadable(upload.name, `${upload.name} is one file: choose the whole folder that holds config.json.`)
      const entry = await models.addUploaded(upload.path, name ?? upload.name)
      await uploads.discard(source)
      return entry
    }),

    rename: os.rename.handler(({ input }) => models.rename(input.id, input.name)),

    remove: os.remove.handler(async ({ input: { id } }) => {
      const user = library.runs.unfinished().find((run) => run.modelId === id)
      if (user)
        throw conflict('model', id, `The run "${user.name}" uses this model: stop it before deleting the model.`)
      await models.remove(id)
      return {}
    }),

    recommendations: os.recommendations.handler(({ input }) => models.recommendations(input.id)),
  }
}
