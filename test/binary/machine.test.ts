import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, type TestContext } from 'vitest'
import { programPath } from '../../packaging/compile.ts'
import { targetNamed } from '../../packaging/targets.ts'
import { temporaryFolder } from '../cluster/temporary-folder.ts'
import { PROGRAM } from '../program.ts'

const run = promisify(execFile)
const EMULATOR_AMD64 = '/usr/bin/qemu-x86_64-static'
const EMULATOR_ARM64 = '/usr/bin/qemu-aarch64-static'
const LIBRARIES_ARM64 = '/usr/aarch64-linux-gnu'
const VERSION = /^kubectl image-updater v\d+\.\d+\.\d+ \(Bun v\d+\.\d+\.\d+, \w+\/\w+\)\n$/

describe('the program needs nothing beside it', () => {
  it('no Node, no home folder and no other file', async () => {
    const { stdout, stderr } = await run(PROGRAM, ['version'], { cwd: '/', env: {} })
    expect(stdout).toMatch(VERSION)
    expect(stderr).toBe('')
  })

  it('and is the same by a link, as krew makes one, in a folder with blanks', async () => {
    const folder = join(await temporaryFolder(), 'bin of mine')
    await mkdir(folder)
    await symlink(PROGRAM, join(folder, 'kubectl-image_updater'))
    const { stdout } = await run(join(folder, 'kubectl-image_updater'), ['version'], { env: {} })
    expect(stdout).toMatch(VERSION)
  })

  it.each(['linux/amd64', 'linux/arm64'])(
    'of the C library of %s only what has been there since 2012',
    async (name) => {
      const program = await readFile(programPath(targetNamed(name)), 'latin1')
      const minors = [...program.matchAll(/GLIBC_2\.(\d+)/g)].map(([, minor]) => Number(minor))
      expect(Math.max(...minors)).toBe(17)
    },
  )
})

describe.runIf(process.platform === 'linux' && process.arch === 'x64')(
  'on other processors, emulated',
  () => {
    it('amd64 of 2008, without AVX', async (test) => {
      needsFile(EMULATOR_AMD64, 'qemu-user-static', test)
      const { stdout } = await run(EMULATOR_AMD64, ['-cpu', 'Nehalem', PROGRAM, 'version'], { env: {} })
      expect(stdout).toMatch(VERSION)
    })

    it('arm64', async (test) => {
      needsFile(EMULATOR_ARM64, 'qemu-user-static', test)
      needsFile(LIBRARIES_ARM64, 'libc6-arm64-cross', test)
      const program = programPath(targetNamed('linux/arm64'))
      const { stdout } = await run(EMULATOR_ARM64, ['-L', LIBRARIES_ARM64, program, 'version'], { env: {} })
      expect(stdout).toMatch(VERSION)
      expect(stdout).toContain('linux/arm64')
    })
  },
)

/** Not even CI has to have it: it is reported as not run, with the reason. */
function needsFile(file: string, debianPackage: string, context: TestContext): void {
  if (!existsSync(file)) context.skip(`${file} is not there: install ${debianPackage}`)
}
