/** Full fine-tuning of a part of a model: patterns of tensor names that stay as they are. */
import { EngineError } from '../protocol'

/**
 * Whether a tensor stays as it is. In a pattern `*` stands for any text, `?` for one character, `[0-5]` for one of a
 * range and `[!0-5]` for one outside of it; all else stands for itself, and the pattern means the whole name:
 * `transformer.wte.weight`, `*.ln_?.*`, `transformer.h.[0-5].*`.
 * @throws EngineError `bad_arguments` naming the pattern that means nothing, or where nothing is left to train
 */
export function frozenBy(patterns: readonly string[], names: readonly string[]): (name: string) => boolean {
  const expressions = patterns.map((pattern) => {
    const expression = glob(pattern)
    if (names.some((name) => expression.test(name))) return expression
    throw new EngineError(
      'bad_arguments',
      `freeze: "${pattern}" matches none of the model's tensors. They have names such as ${examplesOf(names)}; * stands for any text.`,
    )
  })
  const frozen = (name: string) => expressions.some((expression) => expression.test(name))
  if (names.every(frozen))
    throw new EngineError(
      'bad_arguments',
      'freeze: the patterns match every tensor of the model, so nothing is trained.',
    )
  return frozen
}

function glob(pattern: string): RegExp {
  const parts = pattern.match(/\[!?[^\]]+\]|./gs) ?? []
  const source = parts.map((part) => {
    if (part === '*') return '.*'
    if (part === '?') return '.'
    if (part.length > 1) return part.replace('[!', '[^').replaceAll('\\', '\\\\')
    return part.replace(/[\\^$.*+?()[\]{}|]/, '\\$&')
  })
  try {
    return new RegExp(`^${source.join('')}$`)
  } catch {
    throw new EngineError('bad_arguments', `freeze: "${pattern}" has a range that is none: write it as in h.[0-5].*`)
  }
}

const examplesOf = (names: readonly string[]) =>
  [names[0], names[names.length >> 1], names.at(-1)].filter((name, i, all) => all.indexOf(name) === i).join(', ')
