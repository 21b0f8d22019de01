/** Conversations with one model, or with two side by side. */
import { generationSettings } from '../engine/data/generation-settings'
import { contractMessage } from '../library/conversations'
import { conflict } from '../library/failure'
import { answerTurn } from './answer'
import type { StudioContext } from './context'
import { resolveModel } from './model-files'
import { procedures } from './procedures'

const untitled = 'New conversation'
const titleLength = 60

export function chatProcedures(context: StudioContext) {
  const { library } = context
  const { conversations } = library
  const os = procedures.chat
  const whole = (id: string) => ({
    ...conversations.get(id),
    messages: conversations.messages(id).map(contractMessage),
  })

  return {
    list: os.list.handler(() => conversations.list()),
    get: os.get.handler(({ input }) => whole(input.id)),

    create: os.create.handler(async ({ input: { models, systemPrompt } }) => {
      for (const reference of models) await resolveModel(library, reference)
      return whole(conversations.create(models, systemPrompt).id)
    }),

    update: os.update.handler(async ({ input: { id, ...changed } }) => {
      for (const reference of changed.models ?? []) await resolveModel(library, reference)
      return conversations.update(id, changed)
    }),

    remove: os.remove.handler(({ input }) => {
      conversations.remove(input.id)
      return {}
    }),

    settings: os.settings.handler(async ({ input }) => {
      const { files } = await resolveModel(library, input.model)
      return generationSettings(files.folder, {})
    }),

    send: os.send.handler(({ input: { id, text, settings }, signal }) => {
      const conversation = conversations.get(id)
      const begin = () => {
        if (conversation.title === untitled) conversations.update(id, { title: titleOf(text) })
        return conversations.add(id, question(text))
      }
      return answerTurn(context, conversation, settings, begin, signal)
    }),

    regenerate: os.regenerate.handler(({ input: { id, settings }, signal }) => {
      const conversation = conversations.get(id)
      if (!conversations.messages(id).some(({ role }) => role === 'user'))
        throw conflict('conversation', id, 'There is no question yet that could be answered again.')
      const begin = () => {
        conversations.dropAnswers(id)
        return null
      }
      return answerTurn(context, conversation, settings, begin, signal)
    }),
  }
}

const question = (text: string) => ({
  role: 'user' as const,
  text,
  slot: null,
  model: null,
  tokens: null,
  tokensPerSecond: null,
  stopReason: null,
})

/** The first line of the first question, cut at a word. */
function titleOf(text: string): string {
  const line = text.trim().split('\n')[0]!.trim()
  if (line.length <= titleLength) return line || untitled
  const cut = line.slice(0, titleLength)
  return `${cut.slice(0, cut.lastIndexOf(' ') > 20 ? cut.lastIndexOf(' ') : titleLength)}…`
}
