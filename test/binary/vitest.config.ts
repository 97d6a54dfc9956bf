import { defineConfig } from 'vitest/config'
import { programPath } from '../../packaging/compile.ts'
import { ownTarget } from '../../packaging/targets.ts'

/** Another one, such as that of an unpacked archive, is tested as it is. */
const given = process.env['IMAGE_UPDATER_PROGRAM']

export default defineConfig({
  test: {
    // The end-to-end suite is the same as in `npm test`: IMAGE_UPDATER_PROGRAM makes it start this program.
    include: [
      'test/binary/**/*.test.ts',
      'test/e2e/**/*.test.ts',
      'test/cli/commands.test.ts',
      'test/schema/program.test.ts',
    ],
    env: { IMAGE_UPDATER_PROGRAM: given ?? programPath(ownTarget()) },
    globalSetup: ['test/build-when-stale.ts', 'test/binary/compile.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
