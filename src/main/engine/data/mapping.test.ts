import { expect, it } from 'vitest'
import { detectMapping } from './mapping'
import type { Row } from './rows'

const turns = [
  { from: 'human', value: 'Who?' },
  { from: 'gpt', value: 'Odo.' },
]

it.each<[Row, object]>([
  [{ text: 'a' }, { kind: 'text', text: 'text' }],
  [
    { Text: 'a', label: '1' },
    { kind: 'text', text: 'Text' },
  ],
  [
    { prompt: 'a', completion: 'b' },
    { kind: 'completion', prompt: 'prompt', completion: 'completion' },
  ],
  [
    { id: 1, Prompt: 'a', Response: 'b' },
    { kind: 'completion', prompt: 'Prompt', completion: 'Response' },
  ],
  [
    { input: 'a', output: 'b' },
    { kind: 'completion', prompt: 'input', completion: 'output' },
  ],
  [
    { question: 'a', answer: 'b', context: 'c' },
    { kind: 'question', question: 'question', answer: 'answer' },
  ],
  [
    { Question: 'a', Answer: 'b' },
    { kind: 'question', question: 'Question', answer: 'Answer' },
  ],
  [
    { instruction: 'a', input: '', output: 'b' },
    { kind: 'instruction', instruction: 'instruction', input: 'input', output: 'output' },
  ],
  [
    { instruction: 'a', context: 'c', response: 'b' },
    { kind: 'instruction', instruction: 'instruction', input: 'context', output: 'response' },
  ],
  [
    { Instruction: 'a', Output: 'b' },
    { kind: 'instruction', instruction: 'Instruction', input: null, output: 'Output' },
  ],
  [
    { messages: turns, source: 'x' },
    { kind: 'messages', messages: 'messages' },
  ],
  [
    { conversations: JSON.stringify(turns), id: 'x' },
    { kind: 'messages', messages: 'conversations' },
  ],
  [
    { messages: 'three', text: 'a' },
    { kind: 'text', text: 'text' },
  ],
  [
    { dialogueTurns: turns, score: 1 },
    { kind: 'messages', messages: 'dialogueTurns' },
  ],
  [
    { id: 1, recipe: 'Take a rasp.' },
    { kind: 'text', text: 'recipe' },
  ],
  [
    { id: '1', poem: 'Rain.' },
    { kind: 'text', text: 'poem' },
  ],
  [
    { term: 'rasp', score: 2, meaning: 'a file' },
    { kind: 'completion', prompt: 'term', completion: 'meaning' },
  ],
  [
    { a1: 'x', b1: 'a longer text', c1: 'y' },
    { kind: 'text', text: 'b1' },
  ],
  [
    { x: 1, y: 2 },
    { kind: 'text', text: 'x' },
  ],
])('%j', (row, mapping) => {
  expect(detectMapping(Object.keys(row), [row])).toEqual(mapping)
})
