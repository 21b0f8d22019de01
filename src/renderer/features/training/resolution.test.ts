// @vitest-environment node
import { expect, it } from 'vitest'
import type { DatasetEntry, ModelEntry } from '../../../shared/contract'
import { hasField } from './applicability'
import type { Draft } from './draft'
import { idleReason } from './idle'
import { resolveDraft } from './resolution'

const draft = (part: Partial<Draft> = {}): Draft => ({
  modelId: 'm',
  datasetId: 'd',
  validationDatasetId: null,
  name: '',
  presetId: 'balanced',
  texts: {},
  ...part,
})
const model = { id: 'm', contextLength: 128 } as ModelEntry
const dataset = { id: 'd', mapping: { kind: 'text', text: 'text' } } as DatasetEntry
const sources = { model, dataset, recommended: { learning_rate: 2e-3, num_train_epochs: 40 } }

it('prefers what was typed, then the preset, then the recommendation, then the default', () => {
  const { given, resolved, origin } = resolveDraft(
    draft({ presetId: 'seed-recipe', texts: { weight_decay: '0.5' } }),
    sources,
  )
  expect(given.weight_decay).toBe(0.5)
  expect(resolved).toMatchObject({ weight_decay: 0.5, num_train_epochs: 1, learning_rate: 2e-3, lora_r: 16 })
  expect((['weight_decay', 'num_train_epochs', 'learning_rate', 'lora_r'] as const).map(origin)).toEqual([
    'yours',
    'preset',
    'recommended',
    'default',
  ])
})

it('follows the model and the data: context length, and no completion-only loss for plain text', () => {
  expect(resolveDraft(draft(), sources).open).toMatchObject({ max_length: 128, completion_only_loss: false })
})

it('says beside the field that two arguments contradict each other', () => {
  const { errors, resolved } = resolveDraft(
    draft({ texts: { early_stopping_patience: '2', eval_strategy: 'no' } }),
    sources,
  )
  expect(errors.early_stopping_patience).toMatch(/needs an evaluation/)
  expect(resolved).toBeNull()
})

it('shows full fine-tuning its own learning rate when nothing is recommended', () => {
  const { open } = resolveDraft(draft({ texts: { method: 'full' } }), { model, dataset, recommended: {} })
  expect(open.learning_rate).toBe(5e-5)
})

it('dims what has no effect', () => {
  const { open } = resolveDraft(draft({ texts: { max_steps: '20', optim: 'adafactor' } }), sources)
  const { resolved } = resolveDraft(draft({ texts: { max_steps: '20', optim: 'adafactor' } }), sources)
  expect(idleReason('num_train_epochs', resolved!)).toBe('max steps is set')
  expect(idleReason('adam_beta1', resolved!)).toBe('not with Adafactor')
  expect(idleReason('learning_rate', open)).toBeNull()
})

it('knows the method, by what is typed or offered', () => {
  const typed = { method: 'qlora', base_quantization: 'nf4' }
  expect(resolveDraft(draft(), sources)).toMatchObject({ method: 'lora', offeredMethod: 'lora' })
  expect(resolveDraft(draft({ texts: typed }), sources)).toMatchObject({ method: 'qlora', offeredMethod: 'lora' })
  const recommendsFull = { ...sources, recommended: { method: 'full' as const } }
  expect(resolveDraft(draft({ texts: typed }), recommendsFull)).toMatchObject({
    method: 'qlora',
    offeredMethod: 'full',
  })
})

it('shows the fields of the method in force, with its own defaults', () => {
  const shown = (texts: Draft['texts']) => {
    const { open } = resolveDraft(draft({ texts }), sources)
    return (['method', 'lora_r', 'freeze', 'base_quantization', 'bnb_4bit_use_double_quant', 'seed'] as const).filter(
      (name) => hasField(name, open),
    )
  }
  expect(shown({})).toEqual(['lora_r', 'seed'])
  expect(shown({ method: 'lora', base_quantization: 'int8' })).toEqual(['lora_r', 'seed'])
  expect(shown({ method: 'qlora' })).toEqual(['lora_r', 'base_quantization', 'bnb_4bit_use_double_quant', 'seed'])
  expect(shown({ method: 'full' })).toEqual(['freeze', 'seed'])
  expect(resolveDraft(draft({ texts: { method: 'qlora' } }), sources).open).toMatchObject({
    base_quantization: 'nf4',
    gradient_checkpointing: true,
  })
})

it('sends nothing that was typed for another method, and says nothing against it', () => {
  const { given, errors } = resolveDraft(
    draft({ texts: { method: 'full', base_quantization: 'none', lora_r: '8', lora_alpha: 'much', seed: '7' } }),
    sources,
  )
  expect(given).toEqual({ method: 'full', base_quantization: 'none', seed: 7 })
  expect(errors).toEqual({})
})
