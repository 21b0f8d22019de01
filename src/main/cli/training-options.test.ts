import { describe, expect, it } from 'vitest'
import { argumentNames, resolveArguments, TrainingArguments } from '../../shared/contract'
import { UsageError } from './exit-status'
import { flagOf, isSwitch, takes } from './options'
import { parseArguments } from './parse-arguments'
import { givenArguments, laterOptions, trainingOptions, withFlags } from './training-options'

const parse = (...words: string[]) =>
  givenArguments(parseArguments('camelot train', { ...trainingOptions, ...laterOptions }, words), '/here')

describe('training arguments on the command line', () => {
  it('gives nothing where nothing was given', () => {
    expect(parse()).toEqual({})
  })

  it.each(argumentNames)('takes the default of %s as it is written', (name) => {
    const defaults = resolveArguments({}, {}, { contextLength: 1024, hasValidationData: false, hasPrompts: true })
    const value = defaults[name]
    if (value === null) return expect(takes(trainingOptions[name], null)).toBe(true)
    for (const flag of [flagOf(name), `--${name}`]) expect(parse(flag, String(value))).toEqual({ [name]: value })
  })

  it('has a switch with a negation for each argument that is true or false', () => {
    const switches = argumentNames.filter((name) => isSwitch(trainingOptions[name]))
    expect(switches).toEqual(['completion_only_loss', 'shuffle', 'load_best_model_at_end'])
    for (const name of switches) {
      expect(parse(flagOf(name))).toEqual({ [name]: true })
      expect(parse(`--no-${flagOf(name).slice(2)}`)).toEqual({ [name]: false })
    }
  })

  it('takes the seed recipe as it stands', () => {
    const words =
      '--output_dir=./results --num_train_epochs=1 --per_device_train_batch_size=1 --per_device_eval_batch_size=1 --warmup_steps=100 --weight_decay=0.01 --logging_dir=./logs --logging_steps=10'
    expect(parse(...words.split(' '))).toEqual({
      output_dir: '/here/results',
      num_train_epochs: 1,
      per_device_train_batch_size: 1,
      per_device_eval_batch_size: 1,
      warmup_steps: 100,
      weight_decay: 0.01,
      logging_dir: '/here/logs',
      logging_steps: 10,
    })
  })

  it('reads every value that it lets through as the contract does', () => {
    const given = parse(
      '--target-modules',
      'c_attn,c_proj',
      '--save-total-limit',
      'none',
      '--eval-strategy',
      'no',
      '--no-shuffle',
    )
    expect(TrainingArguments.partial().parse(given)).toEqual(given)
  })

  it.each([
    ['--method', 'qlora'],
    ['--device', 'cuda'],
    ['--device', 'webgpu'],
    ['--base-quantization', 'nf4'],
    ['--bnb-4bit-quant-type', 'nf4'],
    ['--bnb-4bit-use-double-quant'],
    ['--packing'],
    ['--gradient-checkpointing'],
    ['--gradient_checkpointing', 'True'],
  ])('says that %s %s comes later', (...words) => {
    expect(() => parse(...words)).toThrow(UsageError)
    expect(() => parse(...words)).toThrow(/^--[a-z0-9-_]+ ?\S* is not available yet: .+\.$/)
  })

  it.each([['--base-quantization', 'none'], ['--packing', 'false'], ['--no-packing'], ['--no-gradient-checkpointing']])(
    'takes %s %s, which changes nothing',
    (...words) => {
      expect(parse(...words)).toEqual({})
    },
  )
})

describe('sentences about arguments', () => {
  it('names them as flags', () => {
    expect(withFlags('eval_strategy is epoch; raise validation_split, not other_name or seed')).toBe(
      '--eval-strategy is epoch; raise --validation-split, not other_name or seed',
    )
  })
})
