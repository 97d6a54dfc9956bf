import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { type Sandbox, startSandbox } from '../../src/lib/sandbox/sandbox.ts'

/** What a command is asked for, and what it answers with. */
interface Asked {
  readonly args: readonly string[]
  readonly kind: string
  /** A field that each of its items has. */
  readonly field: string
  /** What the lines of `-o name` look like. */
  readonly name: RegExp
  /** Whether it answers with objects, which have no table. */
  readonly noTable?: true
}

/** As it is built, with the manifest of its commands beside it. */
const PROGRAM = new URL('../../dist/cli/standalone.js', import.meta.url).href
const { standalone }: typeof import('../../src/cli/standalone.ts') = await import(PROGRAM)

const APPLICATION = /^application\.argoproj\.io\/[\w-]+$/
const DRY = '--dry-run=client'
let sandbox: Sandbox
let folder: string
beforeAll(async () => {
  sandbox = await startSandbox()
  await sandbox.settle()
  folder = await mkdtemp(join(tmpdir(), 'formats-'))
  vi.stubEnv('KUBECONFIG', sandbox.kubeconfigPath)
  vi.stubEnv('HOME', folder)
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'))
  // Something to go back to.
  await run('set', 'shop', 'web=1.4.1', '--no-hold', '--yes')
  await sandbox.settle()
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await sandbox?.close()
  await rm(folder, { recursive: true })
})

const commands: readonly Asked[] = [
  { args: ['version'], field: 'version', kind: 'Version', name: /^version\/v\d/ },
  { args: ['list'], field: 'application', kind: 'RuleList', name: APPLICATION },
  { args: ['check'], field: 'application', kind: 'CheckReport', name: APPLICATION },
  { args: ['tags', 'REGISTRY/shop/web'], field: 'tag', kind: 'TagList', name: /\/shop\/web:\d/ },
  { args: ['explain', 'shop'], field: 'application', kind: 'Explanation', name: APPLICATION },
  { args: ['history', 'shop'], field: 'number', kind: 'History', name: APPLICATION },
  { args: ['lint'], field: 'code', kind: 'LintReport', name: APPLICATION },
  { args: ['doctor'], field: 'check', kind: 'DoctorReport', name: /^check\/[\w-]+$/ },
  { args: ['update', DRY], field: 'application', kind: 'UpdateReport', name: APPLICATION },
  { args: ['hold', 'shop', DRY], field: 'metadata.name', kind: 'Application', name: APPLICATION },
  { args: ['hold', '-l', 'x!=y', DRY], field: 'metadata.name', kind: 'List', name: APPLICATION },
  { args: ['resume', 'shop', DRY], field: 'metadata.name', kind: 'Application', name: APPLICATION },
  { args: ['skip', 'shop', 'web', '1.5.0', DRY], field: 'kind', kind: 'Application', name: APPLICATION },
  { args: ['set', 'shop', 'web=1.5.0', DRY], field: 'kind', kind: 'Application', name: APPLICATION },
  { args: ['rollback', 'shop', 'web', DRY], field: 'kind', kind: 'Application', name: APPLICATION },
  {
    args: ['annotate', 'shop', '--image', 'web=REGISTRY/shop/web:1.x', DRY],
    field: 'metadata.name',
    kind: 'Application',
    name: APPLICATION,
  },
  {
    args: ['annotate', '-l', 'x!=y', '--image', 'x=REGISTRY/shop/web:1.x', DRY],
    field: 'metadata.name',
    kind: 'List',
    name: APPLICATION,
  },
  {
    args: ['migrate'],
    field: 'metadata.name',
    kind: 'ImageUpdater',
    name: /^imageupdater\.argocd-image-updater\.argoproj\.io\/[\w-]+$/,
    noTable: true,
  },
  {
    args: ['deploy', '--image', 'example.com/watch:1', '--offline', '-n', 'argocd'],
    field: 'metadata.name',
    kind: 'List',
    name: /^[a-z.0-9]+\/kubectl-image-updater[\w-]*$/,
    noTable: true,
  },
]

/** Runs a command in this process, which is the only one that has its standard streams. */
async function run(...args: string[]) {
  const output = { stderr: '', stdout: '' }
  const into = (name: 'stderr' | 'stdout') =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      output[name] += String(text)
      return true
    })
  const spies = [into('stdout'), into('stderr')]
  try {
    await standalone(args.map((word) => word.replace('REGISTRY', sandbox.registryHost)))
    return { code: process.exitCode ?? 0, ...output }
  } finally {
    process.exitCode = undefined
    for (const spy of spies) spy.mockRestore()
  }
}

async function answered(args: readonly string[]): Promise<string> {
  const { stderr, stdout } = await run(...args)
  expect(stderr.match(/^error: (?!.*(?:legacy|allow-tags)).*/m)?.[0]).toBeUndefined()
  return stdout
}

async function file(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text)
  return join(folder, name)
}

/** Without what differs from run to run: times and how long something took. */
const steady = (value: unknown) => JSON.stringify(value).replace(/\d+/g, '0')

function fieldOf(item: unknown, path: string): string {
  return String(path.split('.').reduce<unknown>((value, name) => Object(value)[name], item))
}

it('no command with -o is missing', async () => {
  const manifest = JSON.parse(await readFile(new URL('../../dist/manifest.json', import.meta.url), 'utf8'))
  const all = Object.values<{ id: string; flags: object }>(manifest.commands)
  const withOutput = all.filter(({ flags }) => Object.hasOwn(flags, 'output')).map(({ id }) => id)
  const asked = new Set([...commands.map(({ args }) => args[0]), 'watch'])
  expect([...asked].toSorted()).toEqual(withOutput.toSorted())
})

describe.each(commands)('$args', ({ args, field, kind, name, noTable }) => {
  it('-o json and yaml say the same', async () => {
    const json = JSON.parse(await answered([...args, '-o', 'json']))
    expect(json.kind).toBe(kind)
    const documents = parseAllDocuments(await answered([...args, '-o', 'yaml'])).map((one) => one.toJS())
    const whole = documents.length === 1 ? documents[0] : { apiVersion: 'v1', items: documents, kind: 'List' }
    expect(JSON.parse(steady(whole))).toEqual(JSON.parse(steady(json)))
  })

  it('templates and paths, given with -o, by --template or in a file, find the same', async () => {
    const go = await file('go', '{{.kind}}')
    const path = await file('path', '{.kind}')
    const ways: string[][] = [
      ['-o', 'jsonpath={.kind}'],
      ['-o', 'jsonpath', '--template={.kind}'],
      ['-o', `jsonpath-file=${path}`],
      ['-o', 'jsonpath-file', '--template', path],
      ['-o', 'go-template={{.kind}}'],
      ['-o', 'template={{.kind}}'],
      ['--template={{.kind}}'],
      ['--template', '{{.kind}}', '-o', 'go-template'],
      ['-o', `go-template-file=${go}`],
      ['-o', `templatefile=${go}`],
    ]
    for (const way of ways) expect(await answered([...args, ...way]), way.join(' ')).toBe(`${kind}\n`)
    expect(JSON.parse(await answered([...args, '-o', 'jsonpath-as-json={.kind}']))).toEqual([kind])
  })

  it('custom-columns, also of a file, has a line an item', async () => {
    const { items, ...object } = JSON.parse(await answered([...args, '-o', 'json']))
    const values = (items ?? [object]).map((item: unknown) => fieldOf(item, field))
    const table = ['FIELD', ...values, ''].join('\n')
    expect(await answered([...args, '-o', `custom-columns=FIELD:.${field}`])).toBe(table)
    const columns = await file('columns', `FIELD\n.${field}\n`)
    expect(await answered([...args, '-o', `custom-columns-file=${columns}`])).toBe(table)
  })

  it('name has each name once', async () => {
    const lines = (await answered([...args, '-o', 'name'])).split('\n').slice(0, -1)
    expect(lines.length).toBeGreaterThan(0)
    for (const line of lines) expect(line).toMatch(name)
    expect(new Set(lines).size).toBe(lines.length)
  })

  it(noTable ? 'wide is refused' : 'wide is for people', async () => {
    const { code, stderr, stdout } = await run(...args, '-o', 'wide')
    if (noTable) {
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toMatch(/^error: -o wide is for tables/m)
    } else expect(stdout.trim()).not.toMatch(/^(?:\{.*)?$/)
  })

  it('what is not there is an error with --allow-missing-template-keys=false only', async () => {
    const go = ['-o', 'go-template={{.nothing}}']
    const path = ['-o', 'jsonpath={.nothing}']
    expect(await answered([...args, ...go])).toBe('<no value>\n')
    expect(await answered([...args, ...path])).toBe('')
    for (const way of [go, path]) {
      const { code, stderr, stdout } = await run(...args, ...way, '--allow-missing-template-keys=false')
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toMatch(/^error: .*(?:there is no \.nothing|\.nothing is not found)/m)
    }
  })

  it.each([
    [['-o', 'jsn'], /Did you mean json/],
    [['-o', 'go-template={{.a'], /column/],
    [['-o', 'jsonpath={.a'], /closing brace/],
    [['-o', 'go-template'], /lacks its template/],
    [['-o', 'jsonpath={.kind}', '--template={.kind}'], /are two templates/],
  ])('%j is refused in one line, before anything is done', async (more, message) => {
    const { code, stderr, stdout } = await run(...args, ...more)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(message)
    expect(stderr.match(/\n/g)).toHaveLength(1)
  })
})

describe('a dry run', () => {
  it.each(['hold', 'skip', 'set', 'rollback'])('%s shows the object as it would be', async (command) => {
    const { args = [] } = commands.find((one) => one.args[0] === command) ?? {}
    const shown = async (way: string) =>
      JSON.parse(await answered([...args.slice(0, -1), `--dry-run=${way}`, '-o', 'json']))
    const [client, server] = [await shown('client'), await shown('server')]
    const now = JSON.parse(await answered(['resume', 'shop', DRY, '-o', 'json']))
    expect(client.metadata.annotations).not.toEqual(now.metadata.annotations)
    expect(steady(client.metadata.annotations)).toBe(steady(server.metadata.annotations))
    expect(client.spec).toEqual(server.spec)
  })
})

describe('watch', () => {
  const watch = (...more: string[]) => run('watch', 'shop', '--once', DRY, ...more)
  const types = ['cycle', 'applied', 'stopped']

  it('prints each event in the format', async () => {
    const json = (await watch('-o', 'json')).stdout.trim().split('\n')
    expect(json.map((line) => JSON.parse(line).type)).toEqual(types)
    const yaml = (await watch('-o', 'yaml')).stdout.split(/^---\n/m).slice(1)
    expect(yaml.map((text) => parse(text).type)).toEqual(types)
    for (const way of [['-o', 'jsonpath={.type}'], ['-o', 'go-template={{.type}}'], ['--template={{.type}}']])
      expect((await watch(...way)).stdout).toBe(types.map((type) => `${type}\n`).join(''))
  })

  it.each(['name', 'custom-columns=A:.type'])('-o %s is refused: events are no items', async (format) => {
    const { code, stderr, stdout } = await watch('-o', format)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^error: events cannot be printed with -o/)
  })
})
