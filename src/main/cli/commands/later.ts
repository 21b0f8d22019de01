/** Commands whose names are taken and whose work comes with a later version. */
import { type Command, defineCommand } from '../command'
import { UsageError } from '../exit-status'

export const setup = comesLater(
  'setup',
  'Fetch, check or remove the CUDA libraries (comes with a later version).',
  'this version computes on the processor and needs no set-up',
)
export const bench = comesLater(
  'bench',
  'Measure training or generation (comes with a later version).',
  'the scripts in the bench folder of the source measure training today',
)

/** Takes any words after its name, since what they will mean is not settled here. */
function comesLater(name: string, summary: string, instead: string): Command {
  return {
    ...defineCommand({
      name,
      summary,
      options: {},
      run: async () => {
        throw new UsageError(`camelot ${name} is not available yet: ${instead}.`)
      },
    }),
    takesAnyWords: true,
  }
}
