/**
 * `npm run test:integration [vitest's arguments]`: starts the real components, runs the tests of this folder
 * against them, stops the components whatever happens. Exit code: vitest's; 1 when a component is missing.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { UserError } from '../../src/lib/errors.ts'
import { installComponents } from './testbed/components.ts'
import { startTestbed } from './testbed/start-testbed.ts'
import { createTiming } from './testbed/timing.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const VITEST = fileURLToPath(new URL('vitest.mjs', import.meta.resolve('vitest/package.json')))

const interruption = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => interruption.abort(new UserError(`Interrupted by ${signal}.`)))
}

try {
  process.exitCode = await main(interruption.signal)
} catch (error) {
  const message = error instanceof UserError ? `${error.message} ${error.remedy}` : error
  console.error(message)
  process.exitCode = 1
}

async function main(signal: AbortSignal): Promise<number> {
  const timing = createTiming((line) => process.stderr.write(line))
  const components = await timing.step('install components', () => installComponents(timing.announce, signal))
  const testbed = await timing.step('start everything', () => startTestbed(components, timing))
  try {
    signal.throwIfAborted()
    return await timing.step('run tests', () => runVitest(JSON.stringify(testbed.address), signal))
  } finally {
    await timing.step('stop everything', () => testbed.stop())
  }
}

async function runVitest(addresses: string, signal: AbortSignal): Promise<number> {
  const vitest = spawn(
    process.execPath,
    [VITEST, 'run', '--config', 'test/integration/vitest.config.ts', ...process.argv.slice(2)],
    { cwd: ROOT, env: { ...process.env, TESTBED_ADDRESSES: addresses }, stdio: 'inherit' },
  )
  const end = () => vitest.kill()
  signal.addEventListener('abort', end)
  const [code] = (await once(vitest, 'exit')) as [number | null]
  signal.removeEventListener('abort', end)
  signal.throwIfAborted()
  return code ?? 1
}
