import { defineConfig } from 'vitest/config'
import type { TestbedAddresses } from './testbed/addresses.ts'

const addresses = process.env['TESTBED_ADDRESSES']
if (addresses === undefined) {
  throw new Error('These tests need real components running: start them with `npm run test:integration`.')
}

export default defineConfig({
  test: {
    // The end-to-end suite is the same as in `npm test`; the addresses make it take these components.
    include: ['test/integration/**/*.test.ts', 'test/e2e/**/*.test.ts'],
    provide: { testbed: JSON.parse(addresses) as TestbedAddresses },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
