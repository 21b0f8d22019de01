/** Walks the sources under a root and lists every import that breaks a rule, and every cycle. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { brokenRules, cyclesIn } from './rules.mjs'
import { importsOf } from './source-imports.mjs'

const isSource = (path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts')
const withSlashes = (path) => path.split(sep).join('/')

/**
 * @param {string} root checkout; its `src` folder is read
 * @returns {{ files: number, violations: string[] }} one line for each: place, import, rule
 */
export function findViolations(root) {
  const files = readdirSync(join(root, 'src'), { recursive: true })
    .filter(isSource)
    .map((file) => join(root, 'src', file))
  const graph = new Map()
  const violations = []
  for (const file of files) {
    const from = withSlashes(relative(root, file))
    const edges = importsOf(file, readFileSync(file, 'utf8')).map((found) => ({
      ...found,
      from,
      to: targetOf(root, file, found),
    }))
    for (const edge of edges)
      for (const rule of brokenRules(edge))
        violations.push(`${from}:${edge.line} imports ${edge.specifier}, but ${rule}.`)
    graph.set(
      from,
      edges.filter(({ to, typeOnly }) => to !== null && !typeOnly).map(({ to }) => to),
    )
  }
  for (const cycle of cyclesIn(graph)) violations.push(`A cycle of imports: ${cycle.join(' → ')}.`)
  return { files: files.length, violations }
}

/** The file that a relative import names, as a path from the root; null for a package. */
function targetOf(root, importer, { specifier, line }) {
  if (!specifier.startsWith('.')) return null
  const path = join(dirname(importer), specifier.replace(/\?.*$/, ''))
  const candidates = ['', '.ts', '.tsx', '/index.ts', '/index.tsx'].map((ending) => path + ending)
  const found = candidates.find((candidate) => existsSync(candidate) && statSync(candidate).isFile())
  if (found === undefined)
    throw new Error(`${withSlashes(relative(root, importer))}:${line} imports ${specifier}, which does not exist.`)
  return withSlashes(relative(root, found))
}
