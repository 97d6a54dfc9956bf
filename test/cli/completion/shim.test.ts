import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runProgram } from '../program.ts'

const NAME = 'kubectl_complete-image_updater'
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shim-'))
})
afterEach(() => rmSync(folder, { force: true, recursive: true }))

function completion(...args: string[]) {
  return runProgram(['completion', ...args], { PATH: folder })
}

describe('completion install', () => {
  it('writes a program next to the plugin, again when asked again, and removes it', async () => {
    writeFileSync(join(folder, 'kubectl-image_updater'), '', { mode: 0o755 })
    const file = join(folder, NAME)
    expect(await completion('install')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(`^Wrote ${file}\nNeeded too: kubectl 1.26 `),
    })
    expect(statSync(file).mode & 0o777).toBe(0o755)
    expect(readFileSync(file, 'utf8')).toContain('exec kubectl-image_updater __complete "$@"')
    expect((await completion('install')).stdout).toMatch(/^Wrote again /)
    expect((await completion('uninstall')).stdout).toBe(`Removed ${file}\n`)
    expect((await completion('uninstall')).stdout).toBe(`Nothing to remove in ${folder}\n`)
  })

  it.each(['install', 'uninstall'])('%s leaves a foreign file alone', async (what) => {
    writeFileSync(join(folder, NAME), 'mine')
    const { code, stderr } = await completion(what, '--dir', folder)
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining('is not a file of this plugin'),
    })
    expect(readFileSync(join(folder, NAME), 'utf8')).toBe('mine')
  })

  it('says when kubectl would not find it', async () => {
    const { code, stdout } = await runProgram(['completion', 'install', '--dir', folder])
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining(`${folder} is not on PATH`) })
  })

  it('says when the plugin is in no folder of PATH', async () => {
    const { code, stderr } = await completion('install')
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('in no folder of PATH') })
  })
})

describe('__complete', () => {
  it('is silent about a kubeconfig that is none', async () => {
    const bad = join(folder, 'config')
    writeFileSync(bad, '{ not: [yaml')
    const finished = await runProgram(['__complete', 'check', '--kubeconfig', bad, '--context', ''])
    expect(finished).toEqual({ code: 0, stdout: ':4\n', stderr: '' })
  })
})
