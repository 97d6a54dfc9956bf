import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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

/** Our own dependencies, without what they bring along, and our own rooms, of which something is loaded. */
async function loadedBy(args: readonly string[]) {
  const file = join(folder, args.join('-').replaceAll(/\W+/g, '-'))
  const { stderr, stdout } = await runProgram(args, { LOADED_MODULES: file }, ['--import', RECORDER])
  const urls = readFileSync(file, 'utf8').split('\n')
  const packages = urls.flatMap((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? [])
  const own = packages.filter((name) => DEPENDENCIES.includes(name) || name.startsWith('@aws-sdk/'))
  const rooms = urls.flatMap((url) => /\/dist\/lib\/([^/]+)\//.exec(url)?.[1] ?? [])
  return { packages: sorted(own), rooms: sorted(rooms), stderr, stdout }
}

/** Its cluster answers nobody. */
function kubeconfigFile(): string {
  const cluster = { name: 'x', cluster: { server: 'http://127.0.0.1:1' } }
  const context = { name: 'x', context: { cluster: 'x' } }
  const file = join(folder, 'kubeconfig')
  writeFileSync(file, JSON.stringify({ 'current-context': 'x', clusters: [cluster], contexts: [context] }))
  return file
}

const sorted = (names: Iterable<string>) => [...new Set(names)].sort()
const readJson = (path: string) => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'))
const DEPENDENCIES = Object.keys(readJson('package.json').dependencies)
const COMMANDS = Object.keys(readJson('dist/manifest.json').commands)

describe('what only tells something loads no library but that of the command line', () => {
  it.each([['--help'], ['--version'], ['chek'], ...COMMANDS.map((command) => [command, '--help'])])(
    '%s %s',
    async (...args) => {
      const { packages, rooms } = await loadedBy(args.filter((word) => typeof word === 'string'))
      expect(packages).toEqual(['@oclif/core'])
      // Of state only where compiled code is kept.
      expect(rooms).toEqual(['state', 'terminal'])
    },
  )
})

describe('for TAB nothing is loaded but what knows the words', () => {
  // Not even the library of the command line: what commands and flags there are stands in a file.
  it.each([['ch'], ['check', '--'], ['--color', 'a', 'check', '-']])(
    'commands and flags: %j',
    async (...words) => {
      const { packages, rooms, stdout } = await loadedBy(['__complete', ...words])
      expect({ packages, rooms }).toEqual({ packages: [], rooms: ['state', 'terminal'] })
      expect(stdout).toMatch(/^(?:check|-)/)
    },
  )

  it.each([
    [['set', 'shop', 'web='], ['yaml']],
    [['skip', 'shop', 'web', ''], ['yaml']],
    [['tags', 'ghcr.io/org/'], []],
    [['tags', 'ghcr.io/org/web:'], []],
    [['check', '--context', ''], ['yaml']],
  ])('tags and contexts, for which nobody is asked: %j', async (words, wanted) => {
    const kubeconfig = kubeconfigFile()
    const { packages, rooms, stdout } = await loadedBy(['__complete', '--kubeconfig', kubeconfig, ...words])
    expect(packages).toEqual(wanted)
    // Nothing that could ask a registry, and of what asks clusters only what reads a kubeconfig.
    const few = ['application', 'cluster', 'engine', 'image', 'state', 'terminal']
    expect(rooms.filter((room) => !few.includes(room))).toEqual([])
    expect(stdout).toContain(':')
  })
})

/** What is needed to ask the API server, or a registry, and to print the answer. */
const PACKAGES = ['@oclif/core', 'jsonpath-plus', 're2js', 'undici', 'yaml']
const ROOMS = [
  'application',
  'cluster',
  'engine',
  'image',
  'manifests',
  'policy',
  'registry',
  'rules',
].concat(['state', 'terminal', 'version', 'windows', 'writeback'])

interface Run {
  /** So many that the command asks somebody; default none. */
  readonly args?: readonly string[]
  /** What it may load besides. */
  readonly packages?: readonly string[]
  readonly rooms?: readonly string[]
}

const REGISTRY = '127.0.0.1:1'
const RUNS: Readonly<Record<string, Run>> = {
  annotate: { args: ['shop', '--image', 'x=y'] },
  // What of the flags of watch can go with it, it reads as watch does.
  deploy: { rooms: ['deploy', 'gotemplate', 'metrics', 'notify'] },
  doctor: { rooms: ['git', 'gotemplate', 'machine'] },
  explain: { args: ['shop'], rooms: ['git'] },
  history: { args: ['shop'] },
  hold: { args: ['shop'] },
  lint: { rooms: ['git', 'gotemplate'] },
  resume: { args: ['shop'] },
  rollback: { args: ['shop'] },
  set: { args: ['shop', 'web=1.0.0'] },
  skip: { args: ['shop', '1.0.0'] },
  tags: { args: [`${REGISTRY}/org/web`, '--allow-registry', REGISTRY] },
  version: { rooms: ['machine'] },
  watch: { packages: ['get-east-asian-width'], rooms: ['git'] },
}
/** These ask nobody. */
const ALONE = ['version']

// The sandbox goes on until it is stopped, and serves what it needs itself.
describe('until its first request a command loads no library that it does not need yet', () => {
  it.each(COMMANDS.filter((command) => command !== 'sandbox'))('%s', async (command) => {
    const kubeconfig = kubeconfigFile()
    const { args = [], packages = [], rooms = [] } = RUNS[command] ?? {}
    const flags = ALONE.includes(command) ? [] : ['--kubeconfig', kubeconfig]
    const loaded = await loadedBy([command, ...args, ...flags])
    expect(loaded.packages.filter((name) => ![...PACKAGES, ...packages].includes(name))).toEqual([])
    expect(loaded.rooms.filter((name) => ![...ROOMS, ...rooms].includes(name))).toEqual([])
    // It has come as far as that.
    if (command in RUNS && !ALONE.includes(command) && command !== 'doctor')
      expect(loaded.stderr).toContain('127.0.0.1:1')
  })
})
