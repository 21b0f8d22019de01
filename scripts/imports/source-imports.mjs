/**
 * What a TypeScript file imports, read from its syntax tree: import and export declarations, `import()`,
 * `require()` and types by `import('…')`.
 */
import { parseSync, Visitor } from 'vite'

/**
 * @typedef {{ specifier: string, line: number, typeOnly: boolean }} Import
 * @param {string} file name, which tells TypeScript from TSX
 * @param {string} text
 * @returns {Import[]} in the order of the text
 */
export function importsOf(file, text) {
  const { program, errors } = parseSync(file, text)
  if (errors.length > 0) throw new Error(`${file} cannot be parsed: ${errors[0].message}`)
  const found = []
  const add = (source, typeOnly) => {
    if (typeof source?.value !== 'string') return
    found.push({ specifier: source.value, line: lineAt(text, source.start), typeOnly })
  }
  new Visitor({
    ImportDeclaration: (node) => add(node.source, isTypeOnly(node, 'importKind')),
    ExportNamedDeclaration: (node) => add(node.source, isTypeOnly(node, 'exportKind')),
    ExportAllDeclaration: (node) => add(node.source, node.exportKind === 'type'),
    ImportExpression: (node) => add(node.source, false),
    TSImportType: (node) => add(node.source, true),
    CallExpression: (node) => {
      if (node.callee.type === 'Identifier' && node.callee.name === 'require') add(node.arguments[0], false)
    },
  }).visit(program)
  return found
}

/** `import type …`, or a list in which every name is marked `type`. */
function isTypeOnly(node, kind) {
  if (node[kind] === 'type') return true
  return node.specifiers.length > 0 && node.specifiers.every((specifier) => specifier[kind] === 'type')
}

const lineAt = (text, offset) => text.slice(0, offset).split('\n').length
