import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { importsOf } from './source-imports.mjs'
import { findViolations } from './violations.mjs'

let root
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'imports-'))
})
afterEach(() => rmSync(root, { recursive: true }))

function write(files) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
}

/** The violations of one file that imports another, both of which exist. */
function importing(from, to) {
  const up = '../'.repeat(from.split('/').length - 1)
  write({
    [to]: 'export const x = 1',
    [from]: `import { x } from '${up}${to.replace(/\.tsx?$/, '')}'\nexport const y = x`,
  })
  return findViolations(root).violations
}

const importingPackage = (from, name) => {
  write({ [from]: `import thing from '${name}'\nexport default thing` })
  return findViolations(root).violations
}

describe('walls between folders', () => {
  it.each([
    ['src/renderer/app/a.ts', 'src/main/studio/b.ts', 'the renderer imports only itself'],
    ['src/shared/a.ts', 'src/main/b.ts', 'src/shared imports nothing of ours'],
    ['src/shared/a.ts', 'src/renderer/b.ts', 'src/shared imports nothing of ours'],
    ['src/preload/a.ts', 'src/main/b.ts', 'the preload script imports only src/shared'],
    ['src/main/engine/process.ts', 'src/main/studio/b.ts', 'the engine imports only itself'],
    ['src/main/engine/jobs/a.ts', 'src/main/jobs/b.ts', 'the engine imports only itself'],
    ['src/main/engine/jobs/a.ts', 'src/main/library/b.ts', 'the engine imports only itself'],
    ['src/main/engine/jobs/a.ts', 'src/main/server/b.ts', 'the engine imports only itself'],
    ['src/main/engine/jobs/a.ts', 'src/main/cli/b.ts', 'the engine imports only itself'],
    ['src/main/studio/a.ts', 'src/main/engine/jobs/b.ts', 'nothing outside the engine imports its runtime'],
    ['src/main/studio/a.ts', 'src/main/server/b.ts', 'know no shell'],
    ['src/main/jobs/a.ts', 'src/main/cli/b.ts', 'know no shell'],
    ['src/renderer/features/chat/a.tsx', 'src/renderer/features/runs/b.tsx', 'no feature imports another'],
    ['src/main/engine/onnx/a.ts', 'src/main/engine/graph/b.ts', 'inside the engine the arrows'],
    ['src/main/engine/graph/a.ts', 'src/main/engine/ops/b.ts', 'inside the engine the arrows'],
    ['src/main/engine/ops/a.ts', 'src/main/engine/nn/b.ts', 'inside the engine the arrows'],
    ['src/main/engine/nn/a.ts', 'src/main/engine/models/b.ts', 'inside the engine the arrows'],
    ['src/main/engine/models/a.ts', 'src/main/engine/jobs/b.ts', 'inside the engine the arrows'],
    ['src/main/engine/weights/a.ts', 'src/main/engine/data/b.ts', 'inside the engine the arrows'],
    ['src/main/engine/runtime/a.ts', 'src/main/engine/graph/b.ts', 'inside the engine the arrows'],
    ['src/main/engine/nn/a.ts', 'src/main/engine/process.ts', 'inside the engine the arrows'],
  ])('%s must not import %s', (from, to, rule) => {
    const violations = importing(from, to)
    expect(violations).toHaveLength(1)
    expect(violations[0]).toContain(`${from}:1 imports`)
    expect(violations[0]).toContain(rule)
  })

  it.each([
    ['src/main/studio/a.ts', 'electron', 'import electron'],
    ['src/main/engine/process.ts', 'electron', 'import electron'],
    ['src/renderer/app/a.ts', 'node:fs', 'the renderer has no Node'],
    ['src/renderer/app/a.ts', 'electron', 'the renderer has no Node'],
    ['src/shared/a.ts', 'node:fs', 'src/shared imports nothing of ours and no Node'],
    ['src/main/engine/weights/a.ts', 'onnxruntime-node', 'only src/main/engine/runtime'],
    ['src/main/jobs/a.ts', 'onnxruntime-node', 'only src/main/engine/runtime'],
  ])('%s must not import the package %s', (from, name, rule) => {
    expect(importingPackage(from, name)[0]).toContain(rule)
  })

  it.each([
    ['src/renderer/app/a.ts', 'src/shared/contract/b.ts'],
    ['src/renderer/features/chat/a.ts', 'src/renderer/features/chat/b.ts'],
    ['src/renderer/features/chat/a.ts', 'src/renderer/components/b.ts'],
    ['src/main/engine/models/a.ts', 'src/main/engine/graph/b.ts'],
    ['src/main/engine/jobs/a.ts', 'src/main/engine/weights/b.ts'],
    ['src/main/engine/weights/a.ts', 'src/main/engine/protocol.ts'],
    ['src/main/engine/ops/a.test.ts', 'src/main/engine/runtime/b.ts'],
    ['src/main/engine/process.ts', 'src/main/engine/jobs/b.ts'],
    ['src/main/studio/a.ts', 'src/main/engine/protocol.ts'],
    ['src/main/library/a.ts', 'src/main/engine/data/b.ts'],
    ['src/main/server/a.ts', 'src/main/studio/b.ts'],
  ])('%s may import %s', (from, to) => {
    expect(importing(from, to)).toEqual([])
  })

  it('lets the runtime have onnxruntime-node and the desktop have electron', () => {
    expect(importingPackage('src/main/engine/runtime/a.ts', 'onnxruntime-node')).toEqual([])
    expect(importingPackage('src/main/desktop/a.ts', 'electron')).toEqual([])
  })
})

describe('cycles', () => {
  it('names the way round', () => {
    write({
      'src/main/a.ts': `import { b } from './b'\nexport const a = () => b`,
      'src/main/b.ts': `import { c } from './c'\nexport const b = () => c`,
      'src/main/c.ts': `import { a } from './a'\nexport const c = () => a`,
    })
    expect(findViolations(root).violations).toEqual([
      'A cycle of imports: src/main/a.ts → src/main/b.ts → src/main/c.ts → src/main/a.ts.',
    ])
  })

  it('leaves types alone, which are gone before anything runs', () => {
    write({
      'src/main/a.ts': `import type { B } from './b'\nexport type A = B[]`,
      'src/main/b.ts': `import { type A } from './a'\nexport type B = A[]`,
    })
    expect(findViolations(root).violations).toEqual([])
  })
})

describe('reading imports', () => {
  it('sees every way to import, and its line', () => {
    const text = [
      `import type { A } from './a'`,
      `export * from './b'`,
      `export { c } from './c'`,
      `const d = await import('./d')`,
      `const e = require('./e')`,
      `type F = import('./f').F`,
      `import './g'`,
    ].join('\n')
    expect(importsOf('x.ts', text).map(({ specifier, line }) => `${line} ${specifier}`)).toEqual([
      '1 ./a',
      '2 ./b',
      '3 ./c',
      '4 ./d',
      '5 ./e',
      '6 ./f',
      '7 ./g',
    ])
  })

  it('is not fooled by comments and texts', () => {
    expect(importsOf('x.ts', `// import a from './a'\nconst b = "import c from './c'"`)).toEqual([])
  })

  it('names an import of nothing', () => {
    write({ 'src/main/a.ts': `import './nowhere'` })
    expect(() => findViolations(root)).toThrow('src/main/a.ts:1 imports ./nowhere, which does not exist.')
  })
})
