import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runProgram } from './program.ts'

const RECORDER = fileURLToPath(new URL('record-modules.mjs', import.meta.url))
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loading-'))
})
afterAll(() => rmSync(folder, { force: true, recursive: true }))

/** The packages, and the rooms of our own, of which something is loaded. */
async function loadedBy(args: readonly string[]) {
  const file = join(folder, args.join('-').replaceAll(/\W+/g, '-'))
  const finished = await runProgram(args, { LOADED_MODULES: file }, ['--import', RECORDER])
  const urls = readFileSync(file, 'utf8').split('\n')
  const packages = urls.flatMap((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? [])
  const rooms = urls.flatMap((url) => /\/dist\/(?:lib\/)?([^/]+)\//.exec(url)?.[1] ?? [])
  return { finished, packages: new Set(packages), rooms: new Set(rooms) }
}

const HEAVY = ['@aws-sdk/client-ecr', '@inquirer/prompts', 'croner', 'listr2', 'undici']

describe('a command loads no library that it does not need', () => {
  it.each([[['--help']], [['tags', '--help']], [['watch', '--help']], [['chek']], [['version']]])(
    '%j',
    async (args) => {
      const { packages, rooms } = await loadedBy(args)
      expect(packages).toContain('@oclif/core')
      expect([...packages].filter((name) => HEAVY.includes(name) || name.startsWith('@aws-sdk/'))).toEqual([])
      expect([...rooms]).not.toContain('cluster')
      expect([...rooms]).not.toContain('registry')
      expect([...rooms]).not.toContain('metrics')
    },
  )

  it('tags, for a registry that is not ECR', async () => {
    const image = '127.0.0.1:1/org/web'
    const { finished, packages } = await loadedBy(['tags', image, '--allow-registry', '127.0.0.1:1'])
    expect(finished.stderr).toContain('127.0.0.1:1')
    expect([...packages].filter((name) => HEAVY.includes(name) && name !== 'undici')).toEqual([])
  })
})
