import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runProgram } from '../cli/program.ts'

// Node runs compiled code that it finds without reading the source again, and keeps it in the shared /tmp by default,
// where another user of the machine could have put some before.
describe('compiled code', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'compiled-'))
    mkdirSync(join(folder, 'tmp'))
  })
  afterAll(() => rmSync(folder, { force: true, recursive: true }))

  it("is kept in the operator's own cache folder, and nowhere else", async () => {
    const surroundings = { TMPDIR: join(folder, 'tmp'), XDG_CACHE_HOME: join(folder, 'cache') }
    expect(await runProgram(['--help'], surroundings)).toMatchObject({ code: 0 })
    expect(readdirSync(join(folder, 'tmp'))).toEqual([])
    expect(readdirSync(join(folder, 'cache/kubectl-image-updater/compiled'))).toHaveLength(1)
  })

  it('is not kept where there is no place for it', async () => {
    const surroundings = { TMPDIR: join(folder, 'tmp'), XDG_CACHE_HOME: '/dev/null' }
    expect(await runProgram(['--help'], surroundings)).toMatchObject({ code: 0, stderr: '' })
    expect(readdirSync(join(folder, 'tmp'))).toEqual([])
  })
})
