/**
 * `npm test`: installs, builds and runs everything, on a fresh clone too. Ends with one line, `N passed, N failed`,
 * and fails if anything did. `npm test -- --only e2e` runs the stages whose title has that word.
 */
import './preparation/node-version.mjs'
import util from 'node:util'
import { buildWhenNeeded } from './preparation/build.mjs'
import { installWhenNeeded } from './preparation/install.mjs'
import { runScript } from './preparation/step.mjs'
import { browserStage, electronStage, startStage } from './stages/end-to-end-stages.mjs'
import { failed, inWords, passed, runStages, tests } from './stages/stage.mjs'
import { staticStages } from './stages/static-stages.mjs'

const build = {
  title: 'Build',
  run: () =>
    buildWhenNeeded().then(
      () => passed,
      (error) => {
        console.error(error.message)
        return failed
      },
    ),
}

await runScript(async () => {
  const { values } = util.parseArgs({ options: { only: { type: 'string', default: '' } } })
  await installWhenNeeded()
  const stages = [
    ...staticStages,
    build,
    tests('Unit tests', ['unit', 'web']),
    tests('Boundary tests', ['boundary']),
    startStage,
    browserStage,
    electronStage,
  ]
  const wanted = stages.filter(({ title }) => title.toLowerCase().includes(values.only.toLowerCase()))
  const counts = await runStages(wanted)
  if (counts.failed > 0) process.exitCode = 1
  console.log(inWords(counts))
})
