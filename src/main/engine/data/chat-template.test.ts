/** Chat templates beside transformers' `apply_chat_template`; written by `tests/reference/chat_templates.py`. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type ChatTurn, compileTemplate, dateText } from './chat-template'
import { assistantParts } from './conversation'
import { openTokenizer } from './tokenizer'

const fixtures = join(import.meta.dirname, '../../../../tests/fixtures/chat-templates')
type Case = { turns: ChatTurn[]; add_generation_prompt: boolean; text?: string; ids?: number[]; refused?: string }
type Golden = { end: number; plain: { text: string; ids: number[] }; cases: Case[] }

const goldenOf = (style: string): Golden => JSON.parse(readFileSync(join(fixtures, style, 'golden.json'), 'utf8'))

const styles = readdirSync(fixtures, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
)

describe.each(styles)('in the style of %s', (style) => {
  const golden = goldenOf(style)

  it('renders every conversation as the reference does, and refuses those that it refuses', async () => {
    const tokenizer = await openTokenizer(join(fixtures, style))
    expect(golden.cases.length).toBeGreaterThan(8)
    for (const { turns, add_generation_prompt: addGenerationPrompt, text, ids, refused } of golden.cases) {
      const render = () => tokenizer.renderChat(turns, { addGenerationPrompt })
      if (refused !== undefined) {
        expect(render).toThrow(refused)
        continue
      }
      expect(render()).toBe(text)
      expect(await tokenizer.encode(render(), { addSpecialTokens: false })).toEqual(ids)
    }
  })

  it('reads plain text with its first token and its markers, and ends at its own end', async () => {
    const tokenizer = await openTokenizer(join(fixtures, style))
    expect(await tokenizer.encode(golden.plain.text)).toEqual(golden.plain.ids)
    expect(tokenizer.eosTokenId).toBe(golden.end)
    expect(tokenizer.stopTokenIds).toContain(golden.end)
  })
})

describe('the assistant’s part', () => {
  const turns: ChatTurn[] = [
    { role: 'user', content: 'Who keeps the gate?' },
    { role: 'assistant', content: 'Merrin.' },
    { role: 'user', content: 'Which one?' },
    { role: 'assistant', content: 'The north gate.' },
  ]
  it.each([
    ['markers', ['Merrin.<|over|>\n', 'The north gate.<|over|>\n']],
    ['headers', ['Merrin.<|over|>', 'The north gate.<|over|>']],
    ['brackets', [' Merrin.</s>', ' The north gate.</s>']],
    ['thoughts', ['Merrin.<|over|>\n', 'The north gate.<|over|>\n']],
  ])('is what follows the generation prompt, in the style of %s', async (style, said) => {
    const { renderChat } = await openTokenizer(join(fixtures, style))
    const { text, parts } = assistantParts(turns, renderChat)
    expect(parts.map(([start, end]) => text.slice(start, end))).toEqual(said)
  })
})

describe('dates', () => {
  it('are written as Python writes them', () => {
    const date = new Date(2026, 6, 4, 9, 5, 7)
    expect(dateText('%d %b %Y', date)).toBe('04 Jul 2026')
    expect(dateText('%A %a %B %y-%m-%d %H:%M:%S 100%% %Q', date)).toBe('Saturday Sat July 26-07-04 09:05:07 100% %Q')
  })

  it('are today’s in a template that asks for them', () => {
    const render = compileTemplate("{{ strftime_now('%Y') }}", '', {})
    expect(render([], { addGenerationPrompt: false })).toMatch(/^20\d\d$/)
  })

  it('take nothing from the text before a template’s first block', () => {
    const render = (template: string) => compileTemplate(template, '', {})([], { addGenerationPrompt: false })
    expect(render("\n  {{ 'a' }}")).toBe('\n  a')
    expect(render('  {% if true %}\n\nb{% endif %}')).toBe('\nb')
  })
})
