import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

const at = (path: string) => resolve(import.meta.dirname, path)

/** A build for another purpose than the checkout's own goes to another folder. */
const folder = at(process.env.CAMELOT_BUILD_FOLDER ?? 'out')

/** Native packages stay outside the bundle; everything else is bundled, so that start-up reads few files. */
const native = ['electron', 'onnxruntime-node', 'tokenizers', 'libsql', /^@libsql\//, /^node:/]
const commonjs = { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'chunks/[name]-[hash].cjs' } as const

/**
 * One build for every shell. `main` holds four entries: the Electron window, the command line (which also
 * serves the browser host), and the engine's own process.
 */
export default defineConfig({
  main: {
    build: {
      outDir: resolve(folder, 'main'),
      externalizeDeps: false,
      rollupOptions: {
        input: {
          index: at('src/main/index.ts'),
          cli: at('src/main/cli/index.ts'),
          engine: at('src/main/engine/process.ts'),
        },
        external: native,
        output: commonjs,
      },
    },
  },
  preload: {
    build: {
      outDir: resolve(folder, 'preload'),
      externalizeDeps: false,
      rollupOptions: { input: { index: at('src/preload/index.ts') }, external: ['electron'], output: commonjs },
    },
  },
  renderer: {
    root: at('src/renderer'),
    plugins: [react()],
    build: {
      outDir: resolve(folder, 'renderer'),
      emptyOutDir: true,
      minify: true,
      rollupOptions: { input: at('src/renderer/index.html') },
    },
  },
})
