/**
 * The options of `train`: the contract's table of training arguments, each under its own name, and the few that mean
 * one of them under another. Nothing about a single argument is repeated here.
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
import { UsageError } from './exit-status'
import type { OptionRow } from './options'

const defaults = resolveArguments({}, {}, { contextLength: 2 ** 31, hasValidationData: false, hasPrompts: true })
const folders: readonly ArgumentName[] = ['init_adapter', 'logging_dir', 'output_dir']
/** Values that only a later version takes. */
const notYet: Partial<Record<ArgumentName, Record<string, string>>> = { device: laterDevices }

export const trainingOptions = Object.fromEntries(argumentNames.map((name) => [name, rowOf(name)])) as {
  [K in ArgumentName]: Omit<OptionRow, 'schema'> & { schema: z.ZodOptional<(typeof TrainingArguments.shape)[K]> }
}

/** Other names for what an argument above says. */
export const aliasOptions = {
  bnb_4bit_quant_type: {
    schema: z.enum(['nf4', 'fp4']).optional(),
    help: 'With --method qlora: the same as --base-quantization, under the name that bitsandbytes gives it.',
  },
} satisfies Record<string, OptionRow>

/**
 * What was given of the training arguments, with folders as absolute paths.
 * @throws UsageError where an alias contradicts its argument, or says nothing.
 */
export function givenArguments(given: Record<string, unknown>, workingFolder: string): GivenArguments {
  const named = argumentNames
    .filter((name) => given[name] !== undefined)
    .map((name) => {
      const value = given[name]
      return [name, folders.includes(name) && typeof value === 'string' ? resolve(workingFolder, value) : value]
    })
  return withQuantType(Object.fromEntries(named), given.bnb_4bit_quant_type)
}

/** Adds what `--bnb-4bit-quant-type` says; it means something beside a base in 4 bits alone. */
function withQuantType(given: GivenArguments, type: unknown): GivenArguments {
  if (type === undefined) return given
  const asked = given.base_quantization ?? (given.method === 'qlora' ? type : undefined)
  if (asked === type) return { ...given, base_quantization: type as 'nf4' | 'fp4' }
  throw new UsageError(
    asked === undefined
      ? `--bnb-4bit-quant-type ${type} says which 4 bits the base is held in; give --method qlora with it.`
      : `--bnb-4bit-quant-type ${type} and --base-quantization ${asked} exclude each other; give one of them.`,
  )
}

/** Writes a sentence about arguments as a person at the command line knows them: `eval_strategy` → `--eval-strategy`. */
export function withFlags(sentence: string): string {
  return sentence.replace(/\b[a-z]+(_[a-z0-9]+)+\b/g, (name) =>
    (argumentNames as string[]).includes(name) ? `--${name.replaceAll('_', '-')}` : name,
  )
}

function rowOf(name: ArgumentName): OptionRow {
  return {
    schema: TrainingArguments.shape[name].optional(),
    help: presentationOf(name).help,
    placeholder: folders.includes(name) ? 'DIR' : undefined,
    otherwise: name === 'learning_rate' ? '2e-4, full: 5e-5' : defaultInWords(defaults[name]),
    notYet: notYet[name],
  }
}

/** Nothing where the argument is empty unless given. */
function defaultInWords(value: TrainingArguments[ArgumentName]): string | undefined {
  return value === null || typeof value === 'object' ? undefined : String(value)
}
