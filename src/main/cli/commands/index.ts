/** Every command, in the order of the help. A new command is one file and one line here. */
import type { Command } from '../command'
import { doctor } from './doctor'
import { evaluate } from './evaluate'
import { exportCommand } from './export'
import { generate } from './generate'
import { importCommand } from './import'
import { inspect } from './inspect'
import { bench, setup } from './later'
import { datasets, models, runs } from './list'
import { serve } from './serve'
import { resume, train } from './train'

export const commands: readonly Command[] = [
  doctor,
  models,
  datasets,
  runs,
  importCommand,
  inspect,
  train,
  resume,
  evaluate,
  generate,
  exportCommand,
  serve,
  setup,
  bench,
]
