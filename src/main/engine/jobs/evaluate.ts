/** The mean loss over a file's supervised tokens, and the perplexity. */
import type { z } from 'zod'
import { readExamples } from '../data/examples'
import { toModel } from '../graph/compile'
import type { EvaluateEvent, EvaluateSpec } from '../protocol'
import { openSession } from '../runtime/session'
import { batchOf } from './batch'
import type { Control } from './control'
import { tunedView } from './generate'
import { openModel } from './open-model'
import { lossValue } from './training-step'

/** @throws EngineError `bad_model`, `bad_data`. */
export async function* evaluate(spec: EvaluateSpec, control: Control): AsyncGenerator<z.infer<typeof EvaluateEvent>> {
  const open = await openModel(spec.model.folder, spec.cacheDir, { type: spec.quantization, double: false })
  const maxLength = Math.min(spec.maxLength, open.model.shape.contextLength)
  const examples = await readExamples(spec.rows, open.tokenizer, {
    maxLength,
    completionOnlyLoss: spec.completionOnlyLoss,
  })
  const { view, tensors } = await tunedView(open, spec.model.adapter)
  const session = await openSession(toModel('evaluation', { loss: lossValue(open, view) }), {
    folder: open.weights.folder,
  })
  let sum = 0
  let tokens = 0
  try {
    for (let row = 0; row < examples.length; row += spec.batchSize) {
      await control.breathe()
      if (control.stopping) return
      const batch = batchOf(examples.slice(row, row + spec.batchSize), open.model.shape.vocabularySize)
      if (batch) {
        sum += Number((await session.run({ ...tensors, ...batch.feeds })).loss!.data[0])
        tokens += batch.supervised
      }
      yield { type: 'progress', rows: Math.min(row + spec.batchSize, examples.length), total: examples.length }
    }
  } finally {
    await session.close()
  }
  const loss = tokens > 0 ? sum / tokens : 0
  yield { type: 'done', loss, perplexity: Math.exp(loss), tokens }
}
