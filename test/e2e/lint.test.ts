import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { prefixed } from './world/manifests.ts'
import { startWorld, type World } from './world/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
  for (const tag of ['1.0.0', '1.1.0']) await world.push('app', tag)
  const image = world.repository('app')
  const deploy = (name: string, rules: Readonly<Record<string, string>>) =>
    world.deploy({
      name,
      images: { app: `${image}:1.0.0` },
      rules: { 'image-list': `app=${image}`, ...rules },
    })
  await deploy('fine', { 'app.update-strategy': 'semver' })
  await deploy('faulty', {
    'app.allow-tags': '^1',
    'app.platfroms': 'linux/amd64',
    'app.update-strategy': 'name',
  })
  await deploy('empty-handed', { 'app.image-tag-filter': '^production$' })
  await deploy('lost', { 'image-list': `app=${world.repository('nowhere')}` })
  await deploy('repaired', { 'app.allow-tags': '^1', 'app.ignore-tags': '[a-', note: 'mine' })
  await deploy('asked', { 'app.allow-tags': '^1' })
  await world.settle()
})
afterAll(() => world?.close())

interface Report {
  readonly kind: string
  readonly items: readonly { readonly code: string; readonly fixable: boolean; readonly key: string }[]
  readonly fixed: readonly { readonly outcome: string }[]
}

async function report(...args: string[]): Promise<Report> {
  return JSON.parse((await world.run(['lint', ...args, '-o', 'json'])).stdout)
}

async function annotationsOf(name: string): Promise<Readonly<Record<string, string>>> {
  const { metadata } = (await world.read('Application', world.namespace, name)) as {
    metadata: { annotations: Record<string, string> }
  }
  return metadata.annotations
}

describe('lint', () => {
  it('shows severity, object, key and code, and below them what is wrong and what is right', async () => {
    const { code, stdout, stderr } = await world.run(['lint', 'faulty'])
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /^SEVERITY +OBJECT +KEY +CODE\nerror +faulty +app\.allow-tags +allow-tags-keyword\n/,
    )
    expect(stdout).toContain(
      'it has no keyword, so it would allow no tag at all\n           → Write "regexp:^1"',
    )
    expect(stdout).toContain('→ Did you mean app.platforms? (--fix does it)')
    expect(stderr).toContain('1 error, 2 warnings in 1 Application; 3 can be put right with --fix')
  })

  it('asks the registry what fits', async () => {
    const { items } = await report('empty-handed', 'lost')
    expect(items).toMatchObject([
      { code: 'image-not-found', key: 'image-list' },
      { code: 'nothing-matches', key: 'app.image-tag-filter' },
      { code: 'image-not-in-application', key: 'image-list' },
    ])
  })

  it('asks no registry with --offline', async () => {
    const codes = (await report('empty-handed', 'lost', '--offline')).items.map(({ code }) => code)
    expect(codes).toEqual(['image-not-in-application'])
  })

  it('has nothing to say of rules that work', async () => {
    const { code, stdout, stderr } = await world.run(['lint', 'fine', '--exit-code', '--severity', 'info'])
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(stderr).toContain('Nothing to say about the rules of 1 Application')
  })

  it('prints objects by name, and a line a finding with -o wide', async () => {
    expect((await world.run(['lint', 'faulty', '-o', 'name'])).stdout).toBe(
      'application.argoproj.io/faulty\n',
    )
    const wide = (await world.run(['lint', 'faulty', '-o', 'wide', '--no-headers'])).stdout
    expect(wide.trimEnd().split('\n')).toHaveLength(3)
  })
})

describe('lint --exit-code', () => {
  it.each([
    ['an error counts', ['faulty'], 1],
    ['a warning counts', ['empty-handed'], 1],
    ['a warning does not count with --severity error', ['empty-handed', '--severity', 'error'], 0],
    ['a missing Application is an error of the run', ['gone'], 2],
    ['a flag that does not exist is an error of the run', ['--severity', 'fatal'], 2],
  ])('%s', async (_, args, code) => {
    expect((await world.run(['lint', '--exit-code', ...args])).code).toBe(code)
  })
})

describe('lint --fix', () => {
  it('shows the diff and writes nothing with --dry-run', async () => {
    const before = await annotationsOf('faulty')
    const { code, stdout } = await world.run(['lint', 'faulty', '--fix', '--dry-run'])
    expect(code).toBe(0)
    expect(stdout).toContain('-     ^1\n+     regexp:^1\n')
    expect(stdout).toContain('application.argoproj.io/faulty annotated (dry run)\n')
    expect(stdout).not.toContain('SEVERITY')
    expect(await annotationsOf('faulty')).toEqual(before)
  })

  it('writes nothing unasked where it cannot ask', async () => {
    const { code, stderr } = await world.run(['lint', 'asked', '--fix'])
    expect(code).toBe(1)
    expect(stderr).toContain('Add --yes')
    expect(await annotationsOf('asked')).toMatchObject(prefixed({ 'app.allow-tags': '^1' }))
  })

  it('writes what needs no decision, no other annotation, and shows what is left', async () => {
    const before = await annotationsOf('repaired')
    const { fixed, items } = await report('repaired', '--fix', '--yes')
    expect(fixed).toMatchObject([{ outcome: 'applied' }])
    expect(items.map(({ code, fixable }) => [code, fixable])).toEqual([
      ['bad-glob', false],
      ['unknown-key', false],
    ])
    expect(await annotationsOf('repaired')).toEqual({
      ...before,
      ...prefixed({ 'app.allow-tags': 'regexp:^1' }),
    })
  })
})
