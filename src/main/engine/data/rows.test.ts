import { describe, expect, it } from 'vitest'
import type { RowMapping } from '../../../shared/contract'
import type { ChatTurn } from './chat-template'
import { parseTurns, renderPlainly } from './conversation'
import { hasPrompts, toPromptAndCompletion, toRowText } from './rows'

const question: RowMapping = { kind: 'question', question: 'q', answer: 'a' }
const instruction: RowMapping = { kind: 'instruction', instruction: 'i', input: 'in', output: 'o' }
const messages: RowMapping = { kind: 'messages', messages: 'm' }
const turn = (role: ChatTurn['role'], content: string): ChatTurn => ({ role, content })
const talk = [
  turn('system', 'Be brief.'),
  turn('user', 'Who?'),
  turn('assistant', 'Odo.'),
  turn('user', 'When?'),
  turn('assistant', 'At six.'),
]

describe('prompt and completion', () => {
  it.each<[RowMapping, Record<string, unknown>, string | null, string]>([
    [{ kind: 'text', text: 't' }, { t: 'Hail.' }, null, 'Hail.'],
    [{ kind: 'completion', prompt: 'p', completion: 'c' }, { p: 'a', c: 'b' }, 'a', 'b'],
    [question, { q: 'Who?', a: 'Odo.' }, 'Question: Who?\nAnswer:', ' Odo.'],
    [
      instruction,
      { i: 'Add.', in: '1 2', o: '3' },
      '### Instruction:\nAdd.\n\n### Input:\n1 2\n\n### Response:\n',
      '3',
    ],
    [instruction, { i: 'Hum.', in: '', o: 'hm' }, '### Instruction:\nHum.\n\n### Response:\n', 'hm'],
    [
      { ...instruction, input: null },
      { i: 'Hum.', in: 'x', o: 'hm' },
      '### Instruction:\nHum.\n\n### Response:\n',
      'hm',
    ],
    [messages, { m: [turn('user', 'Who?'), turn('assistant', 'Odo.')] }, 'Question: Who?\nAnswer:', ' Odo.'],
    [messages, { m: talk }, 'Be brief.\n\nQuestion: Who?\nAnswer: Odo.\n\nQuestion: When?\nAnswer:', ' At six.'],
    [messages, { m: [turn('user', 'Who?')] }, 'Question: Who?\n', ''],
  ])('%j', (mapping, row, prompt, completion) => {
    expect(toPromptAndCompletion(row, mapping)).toEqual({ prompt, completion })
    expect(hasPrompts(mapping)).toBe(prompt !== null)
  })

  it('takes numbers as they are written, nested values as JSON, and nothing for what is missing', () => {
    const text = (t: unknown) => toPromptAndCompletion({ t }, { kind: 'text', text: 't' }).completion
    expect([7, false, null, { a: [1] }].map(text)).toEqual(['7', 'false', '', '{"a":[1]}'])
    expect(toPromptAndCompletion({}, { kind: 'text', text: 'constructor' }).completion).toBe('')
  })
})

describe('turns of a row', () => {
  it('are read from role and content, from and value, parts, and JSON text', () => {
    const expected = [turn('user', 'Who?'), turn('assistant', 'Odo.')]
    const theirs = [
      { from: 'human', value: 'Who?' },
      { from: 'gpt', value: 'Odo.' },
    ]
    const parts = [
      {
        role: 'User',
        content: [
          { type: 'text', text: 'Wh' },
          { type: 'text', text: 'o?' },
        ],
      },
      { role: 'assistant', content: 'Odo.' },
    ]
    for (const value of [expected, theirs, parts, JSON.stringify(theirs)]) expect(parseTurns(value)).toEqual(expected)
  })

  it.each([
    ['text', 'not a list'],
    [{}, 'not a list'],
    [[], 'no messages'],
    [[1], 'message 1 is not an object'],
    [[turn('user', 'a'), { role: 'tool', content: 'b' }], 'message 2 has the role "tool"'],
    [[{ role: 'constructor', content: 'b' }], 'has the role "constructor"'],
    [[{ role: 'user' }], 'message 1 has no text'],
    [[{ role: 'user', content: [{ type: 'image' }] }], 'message 1 has no text'],
  ])('%j is refused', (value, sentence) => {
    expect(() => parseTurns(value)).toThrow(sentence)
  })
})

describe('the text that is tokenized, and the parts that are learned', () => {
  const marked = ({ text, parts }: ReturnType<typeof toRowText>) =>
    parts === null ? null : parts.map(([start, end]) => text.slice(start, end))
  const template = (turns: readonly ChatTurn[], { addGenerationPrompt }: { addGenerationPrompt: boolean }) =>
    turns.map(({ role, content }) => `<${role}>${content}</>\n`).join('') + (addGenerationPrompt ? '<assistant>' : '')

  it('learns all of a text', () => {
    expect(marked(toRowText({ t: 'x' }, { kind: 'text', text: 't' }, template))).toBeNull()
  })

  it('learns the completion alone', () => {
    const row = toRowText({ q: 'Who?', a: 'Odo.' }, question, null)
    expect(row).toEqual({ text: 'Question: Who?\nAnswer: Odo.', parts: [[22, 27]], fromTemplate: false })
  })

  it('learns every answer of a conversation, laid out plainly', () => {
    const row = toRowText({ m: talk }, messages, null)
    expect(row.text).toBe(renderPlainly(talk, { addGenerationPrompt: false }))
    expect(marked(row)).toEqual([' Odo.', ' At six.'])
  })

  it('learns answers with the end of their turn where the model has a template', () => {
    const row = toRowText({ m: talk }, messages, template)
    expect(row).toMatchObject({ fromTemplate: true, text: template(talk, { addGenerationPrompt: false }) })
    expect(marked(row)).toEqual(['Odo.</>\n', 'At six.</>\n'])
  })

  it('puts questions and instructions through the template too, but no prompts', () => {
    expect(toRowText({ q: 'Who?', a: 'Odo.' }, question, template).text).toBe('<user>Who?</>\n<assistant>Odo.</>\n')
    const { text } = toRowText({ i: 'Add.', in: '1 2', o: '3' }, instruction, template)
    expect(text).toBe('<user>Add.\n\n1 2</>\n<assistant>3</>\n')
    const prompt = toRowText({ p: 'a', c: 'b' }, { kind: 'completion', prompt: 'p', completion: 'c' }, template)
    expect(prompt).toMatchObject({ text: 'ab', fromTemplate: false })
  })

  it('bears a template that drops something from earlier answers', () => {
    const forgetful: typeof template = (turns, options) =>
      template(
        turns.map((one, at) => (at < turns.length - 1 ? { ...one, content: one.content.replace(/\[.*\]/, '') } : one)),
        options,
      )
    const turns = [turn('user', 'a'), turn('assistant', '[hm]b'), turn('user', 'c'), turn('assistant', '[hm]d')]
    const parts = marked(toRowText({ m: turns }, messages, forgetful))
    expect(parts!.at(-1)).toBe('[hm]d</>\n')
    for (const part of parts!) expect(part).not.toContain('<user>')
  })
})
