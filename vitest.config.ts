import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/integration/**', 'test/packages/**', 'test/binary/**'],
    globalSetup: ['test/build-when-stale.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
