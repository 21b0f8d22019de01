import { describe, expect, it } from 'vitest'
import { argumentNames, resolveArguments, TrainingArguments } from '../../shared/contract'
import { UsageError } from './exit-status'
import { flagOf, isSwitch, takes } from './options'
import { parseArguments } from './parse-arguments'
import { aliasOptions, givenArguments, trainingOptions, withFlags } from './training-options'

const parse = (...words: string[]) =>
  givenArguments(parseArguments('camelot train', { ...trainingOptions, ...aliasOptions }, words), '/here')

describe('training arguments on the command line', () => {
  it('gives nothing where nothing was given', () => {
    expect(parse()).toEqual({})
  })

  it.each(argumentNames)('takes the default of %s as it is written', (name) => {
    const defaults = resolveArguments({}, {}, { contextLength: 1024, hasValidationData: false, hasPrompts: true })
    const value = defaults[name]
    if (value === null) return expect(takes(trainingOptions[name], null)).toBe(true)
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
    for (const flag of [flagOf(name), `--${name}`]) expect(parse(flag, text)).toEqual({ [name]: value })
  })

  it('has a switch with a negation for each argument that is true or false', () => {
    const switches = argumentNames.filter((name) => isSwitch(trainingOptions[name]))
    expect(switches).toEqual([
      'bnb_4bit_use_double_quant',
      'use_rslora',
      'use_dora',
      'packing',
      'gradient_checkpointing',
      'completion_only_loss',
      'shuffle',
      'load_best_model_at_end',
    ])
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
    [['--rank-pattern', '{"c_proj": 4}'], { rank_pattern: { c_proj: 4 } }],
    [['--alpha-pattern={"h.0.attn.c_attn": 8.5}'], { alpha_pattern: { 'h.0.attn.c_attn': 8.5 } }],
    [
      ['--lr-scheduler-kwargs', '{"num_decay_steps": 100, "decay_type": "1-sqrt"}'],
      { lr_scheduler_kwargs: { num_decay_steps: 100, decay_type: '1-sqrt' } },
    ],
    [['--modules-to-save', 'lm_head,wte'], { modules_to_save: ['lm_head', 'wte'] }],
    [['--modules-to-save', 'none'], { modules_to_save: null }],
    [['--freeze', '*.wte.weight, transformer.h.[0-5].*'], { freeze: ['*.wte.weight', 'transformer.h.[0-5].*'] }],
    [['--neftune-noise-alpha', '5'], { neftune_noise_alpha: 5 }],
    [['--neftune-noise-alpha', 'none'], { neftune_noise_alpha: null }],
    [['--gradient_checkpointing', 'True', '--packing'], { gradient_checkpointing: true, packing: true }],
    [['--method', 'qlora', '--bnb-4bit-quant-type', 'fp4'], { method: 'qlora', base_quantization: 'fp4' }],
    [['--base-quantization', 'nf4', '--bnb_4bit_quant_type', 'nf4'], { base_quantization: 'nf4' }],
    [['--bnb-4bit-use-double-quant'], { bnb_4bit_use_double_quant: true }],
    [['--base-quantization', 'int8'], { base_quantization: 'int8' }],
  ])('reads %j', (words, expected) => {
    expect(parse(...words)).toEqual(expected)
  })

  it.each([
    [
      ['--rank-pattern', '{c_proj: 4}'],
      '--rank-pattern must be JSON such as {"name": 4}, each value a whole number from 1 to 1024, not “{c_proj: 4}”.',
    ],
    [
      ['--rank-pattern', '{"c_proj": 0}'],
      '--rank-pattern must be JSON such as {"name": 4}, each value a whole number from 1 to 1024, not “{"c_proj": 0}”.',
    ],
    [
      ['--lr-scheduler-kwargs', '[2]'],
      '--lr-scheduler-kwargs must be JSON such as {"name": 4}, each value a number or text, not “[2]”.',
    ],
    [
      ['--bnb-4bit-quant-type', 'nf4'],
      '--bnb-4bit-quant-type nf4 says which 4 bits the base is held in; give --method qlora with it.',
    ],
    [
      ['--base-quantization', 'fp4', '--bnb-4bit-quant-type', 'nf4'],
      '--bnb-4bit-quant-type nf4 and --base-quantization fp4 exclude each other; give one of them.',
    ],
  ])('refuses %j', (words, sentence) => {
    expect(() => parse(...words)).toThrow(new UsageError(sentence))
  })

  it.each(['cuda', 'webgpu'])('says that --device %s comes later', (device) => {
    expect(() => parse('--device', device)).toThrow(UsageError)
    expect(() => parse('--device', device)).toThrow(/^--device \S+ is not available yet: .+\.$/)
  })
})

describe('sentences about arguments', () => {
  it('names them as flags', () => {
    expect(withFlags('eval_strategy is epoch; raise validation_split, not other_name or seed')).toBe(
      '--eval-strategy is epoch; raise --validation-split, not other_name or seed',
    )
  })
})
