/** `import`: a data set file or a model folder into the catalogue. */
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { z } from 'zod'
import { addModel } from '../added-models'
import { defineCommand, type Session } from '../command'
import { exitStatus, Failure } from '../exit-status'
import { bytes, count, magnitude } from '../figures'
import { importFile } from '../find-dataset'

export const importCommand = defineCommand({
  name: 'import',
  summary: 'Take a data set file or a model folder into the catalogue.',
  options: {
    path: {
      schema: z.string().min(1),
      positional: true,
      help: 'A file (JSONL, JSON, CSV, TXT), or a folder in Hugging Face layout.',
    },
    name: { schema: z.string().min(1).max(120).optional(), help: 'Its name in the catalogue.' },
  },
  async run({ path, name }, session) {
    const absolute = resolve(session.workingFolder, path)
    const here = await stat(absolute).catch(() => null)
    if (!here) throw new Failure(`There is no file or folder ${absolute}; check the path.`)
    await (here.isDirectory() ? importModel(absolute, name, session) : importDataset(absolute, name, session))
    return exitStatus.done
  },
})

async function importModel(path: string, name: string | undefined, session: Session) {
  const model = await addModel(path, name, session)
  session.terminal.result(model, (paint) => [
    `${paint.good('Added')} model “${model.name}” (${model.id}): ${model.architecture}, ${magnitude(model.parameters)} parameters, context ${count(model.contextLength)}`,
  ])
}

async function importDataset(path: string, name: string | undefined, session: Session) {
  const dataset = await importFile(path, name, session)
  session.terminal.result(dataset, (paint) => [
    `${paint.good('Imported')} data set “${dataset.name}” (${dataset.id}): ${count(dataset.rows)} rows, ${bytes(dataset.sizeBytes)}, columns ${dataset.columns.join(', ')}`,
    ...dataset.problems.map((problem) => paint.warning(problem)),
  ])
}
