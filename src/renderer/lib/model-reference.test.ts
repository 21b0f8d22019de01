// @vitest-environment node
import { expect, it } from 'vitest'
import type { ModelReference } from '../../shared/contract'
import { decodeReference, encodeReference } from './model-reference'

it.each<ModelReference>([
  { kind: 'model', id: 'model-1' },
  { kind: 'run', id: 'run-1', step: null },
  { kind: 'run', id: 'run-1', step: 40 },
])('survives an address: %o', (reference) => expect(decodeReference(encodeReference(reference))).toEqual(reference))

it.each(['', null, 'run', 'run:', 'model:a@3', 'run:a@x', 'other:a'])('refuses %o', (text) =>
  expect(decodeReference(text)).toBeNull(),
)
