/**
 * The options of `train`: the contract's table of training arguments, each under its own name, and the few that a
 * later version brings. Nothing about a single argument is repeated here.
 */
import { resolve } from 'node:path'
import { z } from 'zod'
import {
  type ArgumentName,
  argumentNames,
  type GivenArguments,
  presentationOf,
  resolveArguments,
  TrainingArguments,
} from '../../shared/contract'
import { laterDevices } from './compute-options'
import type { OptionRow } from './options'

const defaults = resolveArguments({}, {}, { contextLength: 2 ** 31, hasValidationData: false, hasPrompts: true })
const folders: readonly ArgumentName[] = ['init_adapter', 'logging_dir', 'output_dir']
const overQuantizedBase = 'a base in 4 or 8 bits comes with a later version; leave it out, or use --method lora'

/** Values of arguments we have that only a later version takes. */
const notYet: Partial<Record<ArgumentName, Record<string, string>>> = {
  method: { qlora: overQuantizedBase },
  base_quantization: { int8: overQuantizedBase, nf4: overQuantizedBase, fp4: overQuantizedBase },
  device: laterDevices,
}

export const trainingOptions = Object.fromEntries(argumentNames.map((name) => [name, rowOf(name)])) as {
  [K in ArgumentName]: Omit<OptionRow, 'schema'> & { schema: z.ZodOptional<(typeof TrainingArguments.shape)[K]> }
}

/** Arguments of the full command line that this version takes only where they change nothing. */
export const laterOptions = {
  bnb_4bit_quant_type: later(z.never(), ['nf4', 'fp4'], overQuantizedBase),
} satisfies Record<string, OptionRow>

/** What was given of the training arguments, with folders as absolute paths. */
export function givenArguments(given: Record<string, unknown>, workingFolder: string): GivenArguments {
  const named = argumentNames
    .filter((name) => given[name] !== undefined)
    .map((name) => {
      const value = given[name]
      return [name, folders.includes(name) && typeof value === 'string' ? resolve(workingFolder, value) : value]
    })
  return Object.fromEntries(named) as GivenArguments
}

/** Writes a sentence about arguments as a person at the command line knows them: `eval_strategy` → `--eval-strategy`. */
export function withFlags(sentence: string): string {
  return sentence.replace(/\b[a-z]+(_[a-z0-9]+)+\b/g, (name) =>
    (argumentNames as string[]).includes(name) ? `--${name.replaceAll('_', '-')}` : name,
  )
}

function rowOf(name: ArgumentName): OptionRow {
  const value = defaults[name]
  return {
    schema: TrainingArguments.shape[name].optional(),
    help: presentationOf(name).help,
    placeholder: folders.includes(name) ? 'DIR' : undefined,
    otherwise: name === 'learning_rate' ? '2e-4, full: 5e-5' : value === null ? undefined : String(value),
    notYet: notYet[name],
  }
}

function later(schema: z.ZodType, values: readonly string[], instead: string): OptionRow {
  return {
    schema: schema.optional(),
    help: 'Comes with a later version.',
    hidden: true,
    notYet: Object.fromEntries(values.map((value) => [value, instead])),
  }
}
