import { expect, it } from 'vitest'
import { programOutput } from '../../src/lib/machine/program-version.ts'

const LONG = 30_000

it('is what the program prints', async () => {
  expect(await programOutput(process.execPath, ['--version'], {}, LONG)).toBe(process.version)
})

it.each([
  ['is not there', 'no-such-program', []],
  ['fails', process.execPath, ['-e', 'process.exit(3)']],
])('is unknown when the program %s', async (_, program, args) => {
  expect(await programOutput(program, args, {}, LONG)).toBeUndefined()
})

it('is unknown when the program takes too long', async () => {
  const forever = ['-e', 'setInterval(() => {}, 1000)']
  expect(await programOutput(process.execPath, forever, {}, 50)).toBeUndefined()
})
