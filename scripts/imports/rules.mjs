/**
 * Which folder may import which. A folder is a runtime or a stage, and its name says what its code may touch;
 * `docs/architecture.md` draws the same arrows.
 */

/** Stages of the engine, each with what it may import besides itself, the protocol and `src/shared`. */
const engineArrows = {
  onnx: [],
  graph: ['onnx'],
  ops: ['onnx', 'graph'],
  nn: ['onnx', 'graph', 'ops'],
  models: ['onnx', 'graph', 'ops', 'nn'],
  files: [],
  system: [],
  weights: ['files'],
  data: ['files'],
  runtime: ['onnx'],
  jobs: ['onnx', 'graph', 'ops', 'nn', 'models', 'files', 'weights', 'data', 'runtime', 'system'],
}

const isIn = (path, folder) => path === folder || path.startsWith(`${folder}/`)
const isInAny = (path, folders) => folders.some((folder) => isIn(path, folder))
const isPackage = (specifier, name) => isIn(specifier, name)
const engineStage = (path) => /^src\/main\/engine\/([^/]+)\//.exec(path)?.[1] ?? null
const feature = (path) => /^src\/renderer\/features\/([^/]+)\//.exec(path)?.[1] ?? null
const isTest = (path) => /\.test\.tsx?$/.test(path)

/**
 * Each rule answers whether an import breaks it. `from` and `to` are paths from the checkout's root; `to` is null
 * for a package, whose name is then in `specifier`.
 * @type {{ says: string, broken: (edge: { from: string, to: string | null, specifier: string }) => boolean }[]}
 */
const rules = [
  {
    says: 'the renderer imports only itself and src/shared',
    broken: ({ from, to }) => isIn(from, 'src/renderer') && to !== null && !isInAny(to, ['src/renderer', 'src/shared']),
  },
  {
    says: 'the renderer has no Node and no Electron',
    broken: ({ from, to, specifier }) =>
      isIn(from, 'src/renderer') && !isTest(from) && to === null && /^(node:|electron$|electron\/)/.test(specifier),
  },
  {
    says: 'src/shared imports nothing of ours and no Node',
    broken: ({ from, to, specifier }) =>
      isIn(from, 'src/shared') &&
      !isTest(from) &&
      (to === null ? specifier.startsWith('node:') : !isIn(to, 'src/shared')),
  },
  {
    says: 'the preload script imports only src/shared',
    broken: ({ from, to }) => isIn(from, 'src/preload') && to !== null && !isInAny(to, ['src/preload', 'src/shared']),
  },
  {
    says: 'the engine imports only itself and src/shared',
    broken: ({ from, to }) =>
      isIn(from, 'src/main/engine') &&
      to !== null &&
      isIn(to, 'src') &&
      !isInAny(to, ['src/main/engine', 'src/shared']),
  },
  {
    says: 'nothing outside the engine imports its runtime, its jobs or its process: they run in a process of their own',
    broken: ({ from, to }) =>
      isIn(from, 'src/main') &&
      !isIn(from, 'src/main/engine') &&
      !isTest(from) &&
      to !== null &&
      isInAny(to, ['src/main/engine/runtime', 'src/main/engine/jobs', 'src/main/engine/process.ts']),
  },
  {
    says: 'only src/main/engine/runtime imports onnxruntime-node',
    broken: ({ from, specifier }) =>
      isIn(from, 'src') && isPackage(specifier, 'onnxruntime-node') && !isIn(from, 'src/main/engine/runtime'),
  },
  {
    says: 'only src/main/index.ts, src/main/desktop and src/preload import electron',
    broken: ({ from, specifier }) =>
      isIn(from, 'src') &&
      isPackage(specifier, 'electron') &&
      !isInAny(from, ['src/main/index.ts', 'src/main/desktop', 'src/preload']),
  },
  {
    says: 'the studio, its library and its jobs know no shell (desktop, server, cli)',
    broken: ({ from, to }) =>
      isInAny(from, ['src/main/studio', 'src/main/library', 'src/main/jobs']) &&
      !isTest(from) &&
      to !== null &&
      isInAny(to, ['src/main/desktop', 'src/main/server', 'src/main/cli', 'src/main/index.ts']),
  },
  {
    says: 'no feature imports another',
    broken: ({ from, to }) =>
      to !== null && feature(from) !== null && feature(to) !== null && feature(from) !== feature(to),
  },
  {
    says: 'inside the engine the arrows are onnx ← graph ← ops ← nn ← models ← jobs; weights, data, system and runtime (which takes ONNX models) are leaves, files lies below them',
    broken: ({ from, to }) => {
      const [stage, target] = [engineStage(from), to === null ? null : engineStage(to)]
      if (stage === null || isTest(from) || to === null || !isIn(to, 'src/main/engine') || isProtocol(to)) return false
      return target !== stage && !(engineArrows[stage] ?? []).includes(target)
    },
  },
]

const isProtocol = (path) => path === 'src/main/engine/protocol.ts'

/** @returns {string[]} the sentences of the rules that an import breaks */
export const brokenRules = (edge) => rules.filter((rule) => rule.broken(edge)).map((rule) => rule.says)

/**
 * One cycle for each strongly connected group of more than one file (Tarjan 1972), as the path round it.
 * @param {Map<string, string[]>} graph file → the files it imports
 * @returns {string[][]}
 */
export function cyclesIn(graph) {
  const order = new Map()
  const lowest = new Map()
  const stack = []
  const groups = []
  const visit = (file) => {
    order.set(file, order.size)
    lowest.set(file, order.get(file))
    stack.push(file)
    for (const next of graph.get(file) ?? []) {
      if (!order.has(next)) visit(next)
      if (stack.includes(next)) lowest.set(file, Math.min(lowest.get(file), lowest.get(next)))
    }
    if (lowest.get(file) !== order.get(file)) return
    const group = stack.splice(stack.indexOf(file))
    if (group.length > 1 || (graph.get(file) ?? []).includes(file)) groups.push(group)
  }
  for (const file of graph.keys()) if (!order.has(file)) visit(file)
  return groups.map((group) => wayRound(graph, new Set(group), group[0]))
}

/** The shortest way from `start` back to itself inside a group. */
function wayRound(graph, group, start) {
  const queue = [[start]]
  const seen = new Set()
  for (const path of queue) {
    for (const next of graph.get(path.at(-1)) ?? []) {
      if (next === start) return [...path, start]
      if (!group.has(next) || seen.has(next)) continue
      seen.add(next)
      queue.push([...path, next])
    }
  }
  return [...group]
}
