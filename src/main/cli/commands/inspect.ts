/** `inspect`: what is in a data set, counted with a model's tokenizer. */
import { z } from 'zod'
import type { DatasetStatistics } from '../../../shared/contract'
import { defineCommand, type Session } from '../command'
import { exitStatus, Failure } from '../exit-status'
import { count } from '../figures'
import { findDataset } from '../find-dataset'
import { findModel, modelIdOf } from '../find-model'
import type { Paint } from '../paint'
import { facts } from '../table'

export const inspect = defineCommand({
  name: 'inspect',
  summary: 'Show rows, format, columns, token statistics and problems of a data set.',
  options: {
    dataset: { schema: z.string().min(1), positional: true, help: 'A file, or a name or id from the catalogue.' },
    model: {
      schema: z.string().min(1).optional(),
      placeholder: 'M',
      help: 'Whose tokenizer counts; the bundled model’s where it is left out.',
    },
    max_length: {
      schema: z.number().int().min(2).default(512),
      otherwise: '512',
      help: 'Longer rows count as truncated.',
    },
  },
  async run({ dataset, model, max_length }, session) {
    const modelId =
      model === undefined ? await bundledModel(session) : await modelIdOf(await findModel(model, session), session)
    const { id, name } = await findDataset(dataset, session)
    const { client } = await session.studio()
    const statistics = await client.datasets.statistics(
      { id, modelId, maxLength: max_length },
      { signal: session.interruption.signal },
    )
    const length = Math.min(max_length, await contextOf(modelId, session))
    session.terminal.result(statistics, (paint) => readable(name, length, statistics, paint))
    return exitStatus.done
  },
})

async function bundledModel(session: Session): Promise<string> {
  const { client } = await session.studio()
  const usable = (await client.models.list({})).filter(({ problem }) => problem === null)
  const model = usable.find(({ bundled }) => bundled) ?? usable[0]
  if (model) return model.id
  throw new Failure(
    'There is no model whose tokenizer could count; add one with “camelot import FOLDER”, or give --model.',
  )
}

/** Longer rows than this are cut, whatever was asked for. */
async function contextOf(modelId: string, session: Session): Promise<number> {
  const { client } = await session.studio()
  const model = (await client.models.list({})).find(({ id }) => id === modelId)
  return model?.contextLength ?? Number.POSITIVE_INFINITY
}

function readable(name: string, maxLength: number, statistics: DatasetStatistics, paint: Paint): string[] {
  const { tokens } = statistics
  const lines = facts(
    [
      ['Data set', name],
      ['Format', statistics.format],
      ['Columns', statistics.columns.join(', ')],
      ['Rows', count(statistics.rows)],
      ['Tokens', `${count(tokens.total)}, of which ${count(tokens.supervised)} are targets`],
      [
        'Tokens a row',
        `${count(tokens.min)} to ${count(tokens.max)}, median ${count(tokens.median)}, 95 % at most ${count(tokens.p95)}`,
      ],
      ['Truncated', `${count(statistics.truncated)} (longer than ${count(maxLength)})`],
      ['Without target', count(statistics.unsupervised)],
      ['Duplicates', count(statistics.duplicates)],
    ],
    paint,
  )
  return [...lines, ...statistics.problems.map((problem) => paint.warning(problem))]
}
