/** `eval`: how well a model predicts the rows of a data set. */
import { z } from 'zod'
import { hasPrompts } from '../../engine/data/rows'
import { defineCommand } from '../command'
import { deviceOption, evaluationQuantization } from '../compute-options'
import { exitStatus, Interrupted } from '../exit-status'
import { count, fixed } from '../figures'
import { findDataset } from '../find-dataset'
import { findModel } from '../find-model'
import { facts } from '../table'

export const evaluate = defineCommand({
  name: 'eval',
  summary: 'Measure the mean loss of a model over the targets of a data set.',
  options: {
    model: { schema: z.string().min(1), placeholder: 'M', help: 'The model to measure.' },
    dataset: { schema: z.string().min(1), placeholder: 'D', help: 'The rows to predict.' },
    max_length: {
      schema: z.number().int().min(2).default(512),
      otherwise: '512',
      help: 'Longer rows are cut to this many tokens, and to the model’s context.',
    },
    batch_size: { schema: z.number().int().min(1).default(1), otherwise: '1', help: 'Rows in one pass.' },
    completion_only_loss: {
      schema: z.boolean().optional(),
      otherwise: 'true',
      help: 'Count the completion and not the prompt (on when the data has prompts).',
    },
    quantization: evaluationQuantization,
    device: deviceOption,
  },
  async run({ model, dataset, max_length, batch_size, completion_only_loss, quantization }, session) {
    const { terminal, interruption } = session
    const { resolveModel, resolveDataset, jobs } = await session.studio()
    const { files } = await resolveModel(await findModel(model, session))
    const rows = resolveDataset((await findDataset(dataset, session)).id)
    const spec = {
      model: files,
      cacheDir: jobs.cacheDir,
      rows,
      maxLength: max_length,
      batchSize: batch_size,
      completionOnlyLoss: completion_only_loss ?? hasPrompts(rows.mapping),
      quantization,
    }
    for await (const event of jobs.run({ kind: 'evaluate', spec }, { signal: interruption.signal })) {
      if (event.type === 'progress') {
        terminal.progress({
          done: event.rows,
          total: event.total,
          label: 'evaluating',
          figures: [`${count(event.rows)}/${count(event.total)} rows`],
        })
        continue
      }
      const { loss, perplexity, tokens } = event
      terminal.endProgress()
      terminal.result({ loss, perplexity, tokens }, (paint) =>
        facts(
          [
            ['Loss', fixed(loss)],
            ['Perplexity', fixed(perplexity, 2)],
            ['Targets', `${count(tokens)} tokens`],
          ],
          paint,
        ),
      )
      return exitStatus.done
    }
    throw new Interrupted()
  },
})
