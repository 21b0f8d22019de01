/** Conversations and their messages. */
import { z } from 'zod'
import { ChatMessage, ConversationEntry, ModelReference } from '../../shared/contract'
import { allRows, deleteRow, insertRow, rowById, type Sql, updateRow } from './catalogue'
import type { Changes } from './changes'
import { jsonColumn } from './columns'
import { notFound } from './failure'
import { newId } from './home'

const ConversationRow = ConversationEntry.extend({ models: jsonColumn(z.array(ModelReference).min(1).max(2)) })
const MessageRow = ChatMessage.extend({
  model: jsonColumn(ModelReference).nullable(),
  /** Which of the conversation's models answered. */
  slot: z.number().nullable(),
})
export type StoredMessage = z.infer<typeof MessageRow>
/** The message as the contract knows it. */
export const contractMessage = ({ slot: _, ...message }: StoredMessage): ChatMessage => message

export type NewMessage = Omit<StoredMessage, 'id' | 'createdAt'>

const now = () => new Date().toISOString()

export function openConversations(sql: Sql, changes: Changes) {
  const get = (id: string): ConversationEntry => {
    const entry = rowById(sql, 'conversations', id, ConversationRow)
    if (!entry) throw notFound('conversation', id)
    return entry
  }
  const messages = (id: string): StoredMessage[] =>
    allRows(sql, 'SELECT * FROM messages WHERE conversationId = ? ORDER BY position', MessageRow, id)

  const touch = (id: string, columns: Record<string, string> = {}) => {
    updateRow(sql, 'conversations', id, { ...columns, updatedAt: now() })
    changes.say('conversations', id)
  }

  return {
    get,
    messages,
    list: (): ConversationEntry[] =>
      allRows(sql, 'SELECT * FROM conversations ORDER BY updatedAt DESC, id', ConversationRow),

    create(models: ModelReference[], systemPrompt: string): ConversationEntry {
      const entry = { id: newId('chat'), title: 'New conversation', models, systemPrompt, updatedAt: now() }
      insertRow(sql, 'conversations', { ...entry, models: JSON.stringify(models) })
      changes.say('conversations', entry.id)
      return entry
    },

    update(id: string, changed: Partial<Pick<ConversationEntry, 'title' | 'models' | 'systemPrompt'>>) {
      get(id)
      touch(id, {
        ...(changed.title !== undefined && { title: changed.title }),
        ...(changed.models !== undefined && { models: JSON.stringify(changed.models) }),
        ...(changed.systemPrompt !== undefined && { systemPrompt: changed.systemPrompt }),
      })
      return get(id)
    },

    remove(id: string): void {
      if (!deleteRow(sql, 'conversations', id)) throw notFound('conversation', id)
      changes.say('conversations', id)
    },

    /** Adds a message at the end. Answers null where the conversation was deleted in the meantime. */
    add(conversationId: string, given: NewMessage): StoredMessage | null {
      if (!rowById(sql, 'conversations', conversationId, ConversationRow)) return null
      const message = { ...given, id: newId('message'), createdAt: now() }
      const model = given.model && JSON.stringify(given.model)
      insertRow(sql, 'messages', { ...message, conversationId, model })
      touch(conversationId)
      return message
    },

    /** Drops everything after the last message of the person; answers whether there is one. */
    dropAnswers(conversationId: string): boolean {
      const question = messages(conversationId).findLast(({ role }) => role === 'user')
      if (!question) return false
      sql
        .prepare(
          'DELETE FROM messages WHERE conversationId = ? AND position > (SELECT position FROM messages WHERE id = ?)',
        )
        .run(conversationId, question.id)
      touch(conversationId)
      return true
    },
  }
}
