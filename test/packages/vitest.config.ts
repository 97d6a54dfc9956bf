import { defineConfig } from 'vitest/config'

/** What `npm run pack` has made is installed and started. */
export default defineConfig({
  test: {
    include: ['test/packages/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
})
