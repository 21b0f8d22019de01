/** A studio in a process of its own, for tests of two that share a home. `start` on its input starts a long run. */
import { createInterface } from 'node:readline'
import { openStudio } from '../../src/main/studio'
import { fakeEngine } from './open-studio'

const studio = await openStudio({
  home: process.argv[2]!,
  engineScript: fakeEngine,
  resources: '/nowhere',
  version: '0.0.0-test',
  electron: null,
})
console.log('open')
for await (const _ of createInterface({ input: process.stdin })) {
  const { models, datasets, training } = studio.client
  const [[model], [dataset]] = [await models.list({}), await datasets.list({})]
  const given = { max_steps: 2_000, logging_steps: 1 }
  console.log(JSON.stringify(await training.start({ modelId: model!.id, datasetId: dataset!.id, arguments: given })))
}
