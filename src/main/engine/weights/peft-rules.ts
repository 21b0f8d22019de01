/**
 * Which modules an adapter's configuration means, by peft's rules: names match whole last parts of a module's path,
 * patterns of ranks and alphas are regular expressions for the end of it.
 * Source: peft, `check_target_module_exists`, `get_pattern_key` and `_set_trainable`.
 */
import { EngineError } from '../protocol'

/** Names of modules as `target_modules` has them. */
export type Targets = 'all-linear' | readonly string[]

/** Whether a module's path is meant by one of the names: the path, or its last parts. */
export const isTarget = (path: string, targets: Targets) =>
  targets === 'all-linear' || targets.some((name) => path === name || path.endsWith(`.${name}`))

/** The value of the first pattern that matches the end of the path, from a dot on. */
export function valueFor(patterns: Readonly<Record<string, number>>, path: string): number | undefined {
  return Object.entries(patterns).find(([pattern]) => expression(pattern).test(path))?.[1]
}

/** @throws EngineError `bad_arguments` for what is no regular expression */
function expression(pattern: string): RegExp {
  try {
    // Python writes a named group (?P<name>…).
    return new RegExp(`^(?:.*\\.)?(?:${pattern.replaceAll('(?P<', '(?<')})$`)
  } catch {
    throw new EngineError(
      'bad_arguments',
      `rank_pattern or alpha_pattern: "${pattern}" is not a regular expression. Use ends of module names, such as c_proj or h.0.mlp.c_fc.`,
    )
  }
}

/** Whether a tensor lies in a module that `modules_to_save` means: one whose path ends in a name of the list. */
export function isSaved(tensor: string, modules: readonly string[]): boolean {
  const parts = tensor.split('.')
  const paths = parts.slice(1).map((_, i) => parts.slice(0, i + 1).join('.'))
  return paths.some((path) => modules.some((name) => path.endsWith(name)))
}
