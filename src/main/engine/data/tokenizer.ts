/**
 * A model folder's tokenizer: text ⇄ ids as the reference does it, the end-of-text token, and the chat template.
 * Wraps the native `tokenizers` package, whose calls run on threads of their own and so are asynchronous.
 * Sources: huggingface/tokenizers; transformers' PreTrainedTokenizer for which file says what.
 */
import { join, resolve } from 'node:path'
import { Tokenizer as NativeTokenizer } from 'tokenizers'
import { isRecord, readJsonIfThere, readTextIfThere, reasonOf } from '../files/json'
import { EngineError } from '../protocol'
import { type ChatTurn, compileTemplate, readTemplate } from './chat-template'
import { decodeByTable, decodeByWindow, type TextStream } from './text-stream'

type EncodeOptions = {
  /** Special tokens as the tokenizer's own post-processor adds them. Off for rendered chats. Default true. */
  addSpecialTokens?: boolean
}

export type Tokenizer = {
  encode(text: string, options?: EncodeOptions): Promise<number[]>
  encodeAll(texts: string[], options?: EncodeOptions): Promise<number[][]>
  decode(ids: readonly number[], options: { skipSpecialTokens: boolean }): Promise<string>
  /** Text of ids that come one by one; never half a character. */
  textStream(options: { skipSpecialTokens: boolean }): TextStream
  /** Ends a row, and an answer. */
  eosTokenId: number | null
  /** Every token that ends an answer: the tokenizer's end of text and those of `generation_config.json`. */
  stopTokenIds: number[]
  /** Largest id + 1, added tokens included. */
  vocabularySize: number
  chatTemplate: string | null
  /**
   * Turns through the model's chat template.
   * @throws EngineError `bad_data` where the template refuses them, `bad_model` where there is no template.
   */
  renderChat(turns: readonly ChatTurn[], options: { addGenerationPrompt: boolean }): string
}

/**
 * @param folder of the model
 * @throws EngineError `bad_model`
 */
export async function openTokenizer(folder: string): Promise<Tokenizer> {
  const path = resolve(folder)
  const { native, content } = await load(join(path, 'tokenizer.json'))
  const [settings, specials, generation, config] = await Promise.all(
    ['tokenizer_config.json', 'special_tokens_map.json', 'generation_config.json', 'config.json'].map((name) =>
      readSettings(join(path, name)),
    ),
  )
  const named = { ...specials, ...settings }
  const eosIds = [idOf(native, named.eos_token), ...idList(generation?.eos_token_id), ...idList(config?.eos_token_id)]
  const known = eosIds.filter((id) => id !== null)
  const template = await readTemplate(path, named)
  return {
    encode: async (text, options) => (await native.encode(text, null, encodeOptions(options))).getIds(),
    encodeAll: async (texts, options) =>
      (await native.encodeBatch(texts, encodeOptions(options))).map((encoding) => encoding.getIds()),
    decode: (ids, { skipSpecialTokens }) => native.decode([...ids], skipSpecialTokens),
    textStream: streamMaker(native, content),
    eosTokenId: known[0] ?? null,
    stopTokenIds: [...new Set(known)],
    vocabularySize: 1 + Object.values(native.getVocab(true)).reduce((most, id) => Math.max(most, id), -1),
    chatTemplate: template,
    renderChat: compileTemplate(template, path, specialTexts(named)),
  }
}

const encodeOptions = (options: EncodeOptions = {}) => ({ addSpecialTokens: options.addSpecialTokens ?? true })

/** Truncation and padding in the file belong to other uses: rows are cut and padded elsewhere. */
async function load(file: string): Promise<{ native: NativeTokenizer; content: unknown }> {
  const text = await readTextIfThere(file, 'bad_model')
  if (text === null) throw new EngineError('bad_model', `${file} is missing. A model folder needs its tokenizer.json.`)
  try {
    const native = NativeTokenizer.fromString(text)
    native.disableTruncation()
    native.disablePadding()
    return { native, content: JSON.parse(text) }
  } catch (error) {
    throw new EngineError('bad_model', `${file} is not a tokenizer that can be used: ${reasonOf(error)}.`)
  }
}

async function readSettings(file: string): Promise<Record<string, unknown>> {
  const content = await readJsonIfThere(file, 'bad_model')
  if (content === null) return {}
  if (!isRecord(content)) throw new EngineError('bad_model', `${file} is not a JSON object.`)
  return content
}

/** A token is named by its text, or by an object with the text as `content`. */
const textOf = (token: unknown): string | null => {
  const text = isRecord(token) ? token.content : token
  return typeof text === 'string' ? text : null
}

const idOf = (native: NativeTokenizer, token: unknown): number | null => {
  const text = textOf(token)
  return text === null ? null : native.tokenToId(text)
}

const idList = (value: unknown): number[] =>
  (Array.isArray(value) ? value : [value]).filter((id): id is number => Number.isInteger(id))

/** `bos_token`, `eos_token` … as a template names them. */
const specialTexts = (named: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(named)
      .filter(([name]) => name.endsWith('_token'))
      .map(([name, token]) => [name, textOf(token)] as const)
      .filter((entry): entry is [string, string] => entry[1] !== null),
  )

function streamMaker(native: NativeTokenizer, content: unknown): Tokenizer['textStream'] {
  const special = specialIds(content)
  const decoder = native.getDecoder()
  const isByteLevel = isRecord(content) && isRecord(content.decoder) && content.decoder.type === 'ByteLevel'
  const join = (tokens: string[]) => decoder?.decode(tokens) ?? tokens.join(' ')
  return ({ skipSpecialTokens }) => {
    const tokenOf = (id: number) => (skipSpecialTokens && special.has(id) ? null : native.idToToken(id))
    return isByteLevel ? decodeByTable(tokenOf) : decodeByWindow(tokenOf, join)
  }
}

function specialIds(content: unknown): Set<number> {
  const added = isRecord(content) && Array.isArray(content.added_tokens) ? content.added_tokens : []
  return new Set(added.filter((token) => isRecord(token) && token.special === true).map((token) => token.id))
}
