import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** Three projects: fast units beside the source, tests of what crosses a boundary, and end-to-end in real windows. */
export default defineConfig({
  test: {
    maxWorkers: availableParallelism(),
    projects: [
      { test: { name: 'unit', include: ['src/{main,shared}/**/*.test.ts', 'scripts/**/*.test.{ts,mjs}'] } },
      { test: { name: 'web', environment: 'jsdom', include: ['src/renderer/**/*.test.{ts,tsx}'] } },
      {
        test: { name: 'boundary', include: ['tests/!(e2e)/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000 },
      },
      {
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 240_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
