import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PROGRAM_WORDS } from '../program.ts'
import { startProgram } from './world/plugin.ts'
import { startWorld, type World } from './world/world.ts'

let world: World
let image: string

beforeAll(async () => {
  world = await startWorld()
  image = world.repository('web')
  for (const [tag, created] of [
    ['1.4.0', '2026-01-01T00:00:00Z'],
    ['1.4.2', '2026-02-01T00:00:00Z'],
    ['1.5.0', '2026-03-01T00:00:00Z'],
    ['2.0.0-rc.1', '2026-04-01T00:00:00Z'],
    ['nightly', '2026-05-01T00:00:00Z'],
  ] as const) {
    await world.push('web', tag, { created: new Date(created) })
  }
  const images = { web: `${image}:1.4.2` }
  const rules = { 'image-list': `web=${image}` }
  await world.deploy({ name: 'shop', images, rules, labels: { team: 'web', tier: 'front' } })
  await world.deploy({ name: 'admin', images: { web: `${image}:1.5.0` }, rules, labels: { team: 'web' } })
  await world.deploy({ name: 'plain', images })
  await world.deploy({
    name: 'elsewhere',
    namespace: world.otherNamespace,
    images,
    rules,
    labels: { world: world.id },
  })
  await world.settle()
  await world.edit('Application', world.namespace, 'shop', { metadata: { labels: { world: world.id } } })
})
afterAll(() => world?.close())

describe('-o', () => {
  it('without: a table on stdout, where it looked and what to do next on stderr', async () => {
    const { code, stdout, stderr } = await world.run(['check'])
    expect(code).toBe(0)
    expect(stdout).toBe(
      [
        'APPLICATION   IMAGE   RUNNING   AVAILABLE   PUSHED   ACTION',
        'admin         web     1.5.0     1.5.0       -        up to date',
        'shop          web     1.4.2     1.5.0       -        set kustomize image',
        '',
      ].join('\n'),
    )
    expect(stderr).toContain(
      `Context end-to-end · namespace ${world.namespace} · 2 applications, 2 images, 1 repository · `,
    )
    expect(stderr).toContain('1 can be applied (kubectl image-updater update)')
  })

  it.each([
    ['check', 1],
    ['update', 0],
  ])('%s with nothing to do: no blank lines where notes and data are read apart', async (command, rows) => {
    const { stdout, stderr } = await world.run([command, 'admin'])
    expect(stderr).toMatch(/^Context .* requests? in [\d.]+s\nNothing to do\n$/)
    expect(stdout.match(/^admin /gm) ?? []).toHaveLength(rows)
  })

  it('sets the table apart where both are read in one place', async () => {
    const together = ['-c', '"$@" 2>&1', 'sh', ...PROGRAM_WORDS]
    const run = (...args: string[]) => startProgram('sh', [...together, ...args], { env: world.env }).finished
    expect((await run('check', 'admin')).stdout).toMatch(
      /^Context .*\n\nAPPLICATION .*\nadmin .*\n\nNothing to do\n$/,
    )
    expect((await run('update', 'admin')).stdout).toMatch(/^Context .*\n\nNothing to do\n$/)
  })

  it('wide: more columns', async () => {
    const { stdout } = await world.run(['check', '-o', 'wide'])
    expect(stdout).toMatch(/^APPLICATION .* REPOSITORY +STRATEGY +ACTION$/m)
    expect(stdout).toMatch(new RegExp(`^shop .* ${image} +semver +set kustomize image$`, 'm'))
  })

  it('json: a versioned document, and nothing on stderr', async () => {
    const { stdout, stderr } = await world.run(['check', 'shop', '-o', 'json'])
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toMatchObject({
      apiVersion: 'image-updater/v1',
      kind: 'CheckReport',
      context: 'end-to-end',
      items: [
        {
          application: 'shop',
          namespace: world.namespace,
          alias: 'web',
          image,
          strategy: 'semver',
          running: { tag: '1.4.2' },
          available: { tag: '1.5.0' },
          decision: 'update',
          writes: [{ object: 'application.argoproj.io/shop', summary: 'set kustomize image' }],
        },
      ],
    })
  })

  it.each([
    {
      format: 'yaml',
      printed: /^apiVersion: image-updater\/v1\nkind: CheckReport\n[\s\S]* {2}- application: admin\n/,
    },
    { format: 'name', printed: /^application\.argoproj\.io\/admin\napplication\.argoproj\.io\/shop\n$/ },
    { format: 'jsonpath={.items[*].available.tag}', printed: /^1\.5\.0 1\.5\.0\n$/ },
    {
      format: 'jsonpath={range .items[*]}{.application}={.running.tag}{"\\n"}{end}',
      printed: /^admin=1\.5\.0\nshop=1\.4\.2\n$/,
    },
    {
      format: 'custom-columns=APP:.application,TO:.available.tag',
      printed: /^APP +TO\nadmin +1\.5\.0\nshop +1\.5\.0\n$/,
    },
  ])('$format', async ({ format, printed }) => {
    const { code, stdout, stderr } = await world.run(['check', '-o', format])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(printed)
  })

  it.each(['xml', 'jsonpath', 'custom-columns=', 'custom-columns=APP'])(
    '%s is refused in one line',
    async (format) => {
      const { code, stdout, stderr } = await world.run(['check', '-o', format])
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toMatch(/^error: .*-o|^error: custom-columns/)
      expect(stderr.match(/\n/g)).toHaveLength(1)
    },
  )

  it.each([
    { command: ['list'], kind: 'RuleList' },
    { command: ['check'], kind: 'CheckReport' },
    { command: ['update', '--dry-run=client'], kind: 'UpdateReport' },
    { command: ['version'], kind: 'Version' },
  ])('json is read by any program for $command', async ({ command, kind }) => {
    const { code, stdout } = await world.run([...command, '-o', 'json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ apiVersion: 'image-updater/v1', kind })
  })
})

describe('the shape of a table', () => {
  it('has no header with --no-headers', async () => {
    for (const command of ['check', 'list']) {
      const { stdout } = await world.run([command, '--no-headers'])
      expect(stdout).toMatch(/^admin /)
      expect(stdout).not.toContain('APPLICATION')
    }
  })

  it('is ordered by --sort-by', async () => {
    const { stdout } = await world.run(['check', '--sort-by', '.running.tag', '-o', 'name'])
    expect(stdout).toBe('application.argoproj.io/shop\napplication.argoproj.io/admin\n')
    const json = await world.run(['list', '--sort-by={.running[0].tag}', '-o', 'json'])
    expect(JSON.parse(json.stdout).items).toMatchObject([{ application: 'shop' }, { application: 'admin' }])
  })

  it('has colour only where it is asked for', async () => {
    const sequence = '\u001b['
    expect((await world.run(['check'])).stdout).not.toContain(sequence)
    expect((await world.run(['check', '--color', 'always'])).stdout).toContain(sequence)
  })
})

describe('list', () => {
  it('shows the rules without asking any registry', async () => {
    const { code, stdout } = await world.run(['list'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^APPLICATION +IMAGE +REPOSITORY +STRATEGY +CONSTRAINT +RUNNING +HELD +RULE$/m)
    expect(stdout).toMatch(new RegExp(`^shop +web +${image} +semver +- +1\\.4\\.2 +- +annotation$`, 'm'))
    expect(stdout).not.toContain('plain')
  })

  it('shows images without a rule too with --all', async () => {
    const { stdout } = await world.run(['list', '--all'])
    expect(stdout).toMatch(new RegExp(`^plain +- +${image} `, 'm'))
  })
})

describe('tags', () => {
  it('lists what a rule would see, the winner first', async () => {
    const { code, stdout, stderr } = await world.run(['tags', image])
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining(image) })
    const rows = stdout.split('\n').filter((line) => /\d\.\d\.\d/.test(line))
    expect(rows.map((row) => /\d\.\d\.\d/.exec(row)?.[0])).toEqual(['1.5.0', '1.4.2', '1.4.0'])
  })

  it.each([
    { args: ['--constraint', '~1.4.0'], winner: '1.4.2' },
    { args: ['--strategy', 'newest-build'], winner: 'nightly' },
    { args: ['--strategy', 'latest', '--ignore-tags', 'nightly,*-rc*'], winner: '1.5.0' },
    { args: ['--strategy', 'alphabetical', '--tag-filter', '^1'], winner: '1.5.0' },
    { args: ['--strategy', 'digest', '--constraint', 'nightly'], winner: 'nightly' },
    { args: ['--strategy', 'semver', '--allow-tags', 'regexp:^1\\.4'], winner: '1.4.2' },
  ])('chooses $winner with $args', async ({ args, winner }) => {
    const { code, stdout } = await world.run(['tags', image, ...args, '-o', 'json'])
    expect(code).toBe(0)
    const { kind, items } = JSON.parse(stdout)
    expect(kind).toBe('TagList')
    expect(items[0]).toMatchObject({ tag: winner })
  })

  it('tells with --all why the others were dropped', async () => {
    const { stdout } = await world.run(['tags', image, '--all'])
    expect(stdout).toMatch(/^ +nightly .*dropped: not a version/m)
    expect(stdout).toMatch(/^ +2\.0\.0-rc\.1 .*dropped: a pre-release/m)
  })

  it('needs no cluster', async () => {
    const { code } = await world.run(['tags', image, '--plain-http-registry', world.registryHost], {
      env: { KUBECONFIG: '' },
    })
    expect(code).toBe(0)
  })
})

describe('--exit-code', () => {
  it.each([
    { args: ['check', 'admin', '--exit-code'], code: 0 },
    { args: ['check', 'shop', '--exit-code'], code: 1 },
    { args: ['check', '--exit-code'], code: 1 },
    { args: ['check', 'absent', '--exit-code'], code: 2 },
    { args: ['check', 'shop', '--exit-code=false'], code: 0 },
    { args: ['check', '--exit-code', '-o', 'nonsense'], code: 2 },
  ])('$code for $args', async ({ args, code }) => {
    expect(await world.run(args)).toMatchObject({ code })
  })
})

describe('selection, as kubectl has it', () => {
  const names = async (...args: string[]) => {
    const { code, stdout } = await world.run([...args, '-o', 'name'])
    expect(code).toBe(0)
    return stdout.split('\n').filter((line) => line !== '')
  }
  const [admin, shop, elsewhere] = ['admin', 'shop', 'elsewhere'].map(
    (name) => `application.argoproj.io/${name}`,
  )

  it.each([
    { args: ['check', 'shop'], found: [shop] },
    { args: ['check', '-l', 'team=web'], found: [admin, shop] },
    { args: ['check', '--selector=team=web,tier!=front'], found: [admin] },
    { args: ['check', '-l', 'tier'], found: [shop] },
    { args: ['check', '--field-selector', 'metadata.name=admin'], found: [admin] },
    { args: ['check', '--field-selector=metadata.name!=admin'], found: [shop] },
  ])('$args', async ({ args, found }) => {
    expect(await names(...args)).toEqual(found)
  })

  it('-n and -A', async () => {
    expect(await names('check', '-n', world.otherNamespace)).toEqual([elsewhere])
    const both = [shop, elsewhere].toSorted()
    expect((await names('check', '-A', '-l', `world=${world.id}`)).toSorted()).toEqual(both)
    const ignored = await names('check', '--all-namespaces', '-n', 'ignored', '-l', `world=${world.id}`)
    expect(ignored.toSorted()).toEqual(both)
    expect(await names('check', `${world.otherNamespace}/elsewhere`)).toEqual([elsewhere])
  })

  it('names the namespace in a column of its own with -A', async () => {
    const { stdout } = await world.run(['check', '-A', '-l', `world=${world.id}`])
    expect(stdout).toMatch(/^NAMESPACE +APPLICATION /m)
    expect(stdout).toMatch(new RegExp(`^${world.otherNamespace} +elsewhere `, 'm'))
  })

  it('flags may stand before the command', async () => {
    expect(await names('-n', world.otherNamespace, 'check')).toEqual([elsewhere])
    expect(await names('--namespace', world.otherNamespace, '-l', 'world', 'list')).toEqual([elsewhere])
  })

  it('of a flag that is repeated the last one counts, and =false switches off', async () => {
    expect(await names('check', '-n', 'nowhere', '-n', world.otherNamespace)).toEqual([elsewhere])
    expect(await names('check', '-A=false', '-n', world.otherNamespace)).toEqual([elsewhere])
    expect(await names('check', '--all-namespaces', '--all-namespaces=false', 'shop')).toEqual([shop])
    const { stdout } = await world.run(['check', '--no-headers=false'])
    expect(stdout).toContain('APPLICATION')
  })
})

describe('version', () => {
  it('prints one line', async () => {
    const { code, stdout, stderr } = await world.run(['version'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(
      /^kubectl image-updater v\d+\.\d+\.\d+ \((?:Node|Bun) v\d+\.\d+\.\d+, \w+\/\w+\)\n$/,
    )
  })
})

describe('what cannot be understood is one line that says what to type', () => {
  it.each([
    { args: ['check', '--nope'], error: /--nope.*--help/ },
    { args: ['check', '--namespace'], error: /--namespace.*--help/ },
    { args: ['tags'], error: /image.*--help/i },
    { args: ['update', '--dry-run=perhaps'], error: /dry-run.*none, client, server/i },
    { args: ['check', '--exit-code=perhaps'], error: /exit-code/ },
    { args: ['chekc'], error: /chekc.*check/ },
  ])('$args', async ({ args, error }) => {
    const { code, stdout, stderr } = await world.run(args)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^error: [^\n]+\n$/)
    expect(stderr).toMatch(error)
  })
})
