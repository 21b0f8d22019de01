// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { argumentNames, resolveArguments } from '../../../shared/contract'
import { argumentText, fieldKind, readArgument, readDraft } from './argument-text'

describe('readArgument', () => {
  it.each([
    ['learning_rate', '2e-4', 2e-4],
    ['learning_rate', ' .5 ', 0.5],
    ['num_train_epochs', '1.5', 1.5],
    ['max_steps', '-1', -1],
    ['max_steps', '−1', -1],
    ['max_steps', '20', 20],
    ['save_total_limit', '2', 2],
    ['shuffle', 'false', false],
    ['lr_scheduler_type', 'cosine', 'cosine'],
    ['target_modules', 'all-linear', 'all-linear'],
    ['target_modules', 'c_attn, c_proj', ['c_attn', 'c_proj']],
    ['output_dir', './results', './results'],
    ['rank_pattern', '{"c_proj": 4}', { c_proj: 4 }],
    ['lr_scheduler_kwargs', '{"decay_type": "1-sqrt"}', { decay_type: '1-sqrt' }],
    ['modules_to_save', 'lm_head', ['lm_head']],
    ['freeze', '*.wte.weight, transformer.h.[0-5].*', ['*.wte.weight', 'transformer.h.[0-5].*']],
    ['neftune_noise_alpha', '5', 5],
  ] as const)('%s: %s', (name, text, value) => expect(readArgument(name, text)).toEqual({ value }))

  it.each([
    ['learning_rate', 'fast', /number/],
    ['learning_rate', '1e', /number/],
    ['learning_rate', '0x10', /number/],
    ['learning_rate', 'Infinity', /number/],
    ['learning_rate', '0', /more than 0/],
    ['num_train_epochs', '0', /more than 0/],
    ['lora_r', '1.5', /whole number/],
    ['lora_r', '0', /at least 1/],
    ['lora_r', '5000', /at most 1024/],
    ['max_steps', '0', /at least 1/],
    ['adam_beta1', '1', /less than 1/],
    ['lr_scheduler_type', 'steep', /not allowed/],
    ['rank_pattern', '{c_proj: 4}', /in JSON/],
    ['rank_pattern', '[4]', /in JSON/],
    ['rank_pattern', '{"c_proj": 0}', /at least 1/],
    ['neftune_noise_alpha', '0', /more than 0/],
  ] as const)('refuses %s: %s', (name, text, words) =>
    expect(readArgument(name, text)).toEqual({ error: expect.stringMatching(words) }),
  )
})

it('shows every default as text that reads back as the default', () => {
  const context = { contextLength: 1024, hasValidationData: false, hasPrompts: true }
  const defaults = resolveArguments({}, {}, context)
  for (const name of argumentNames) {
    const text = argumentText(defaults[name])
    if (text !== '') expect(readArgument(name, text), name).toEqual({ value: defaults[name] })
  }
})

it('knows a control for each argument', () => {
  expect(argumentNames.map(fieldKind).filter((kind) => kind === 'choice').length).toBeGreaterThanOrEqual(5)
  expect(fieldKind('target_modules')).toBe('list')
  expect(fieldKind('modules_to_save')).toBe('list')
  expect(fieldKind('rank_pattern')).toBe('record')
  expect(fieldKind('neftune_noise_alpha')).toBe('number')
  expect(fieldKind('max_steps')).toBe('number')
  expect(fieldKind('shuffle')).toBe('switch')
  expect(fieldKind('output_dir')).toBe('text')
})

it('readDraft keeps what is right and names what is wrong', () => {
  const { given, errors } = readDraft({ learning_rate: '2e-3', lora_r: 'many', seed: ' ' })
  expect(given).toEqual({ learning_rate: 2e-3 })
  expect(Object.keys(errors)).toEqual(['lora_r'])
})
