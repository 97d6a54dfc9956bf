import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { objectAt } from '../../src/lib/sandbox/json.ts'
import { resourceVersion } from './world/cluster-facts.ts'
import { ANNOTATION_PREFIX, prefixed } from './world/manifests.ts'
import { startWorld, type World } from './world/world.ts'

let world: World
let image: string
beforeAll(async () => {
  world = await startWorld()
  image = world.repository('web')
  for (const tag of ['1.4.0', '1.4.2', '1.5.0', 'production']) await world.push('web', tag)
  for (const name of ['fresh', 'shown', 'asked', 'kept']) {
    await world.deploy({ name, images: { web: `${image}:1.4.0` } })
  }
  await world.settle()
})
afterAll(() => world?.close())

async function annotationsOf(name: string): Promise<Record<string, unknown>> {
  return objectAt(await world.read('Application', world.namespace, name), 'metadata', 'annotations')
}

describe('annotate with flags', () => {
  it('writes exactly the annotations it shows, and says what they choose right now', async () => {
    const { code, stdout, stderr } = await world.run([
      'annotate',
      'fresh',
      ...['--image', `web=${image}:~1.4`],
      ...['--strategy', 'semver'],
      ...['--tag-filter', '^1\\.'],
      ...['--ignore-tags', '*-rc*'],
      ...['--poll-interval', '5m'],
      ...['--write-back', 'application'],
      '--yes',
    ])
    expect(code).toBe(0)
    expect(stderr).toContain('Right now this rule chooses 1.4.2')
    const written = prefixed({
      'image-list': `web=${image}:~1.4`,
      'web.update-strategy': 'semver',
      'web.image-tag-filter': '^1\\.',
      'web.ignore-tags': '*-rc*',
      'web.image-poll-interval': '5m',
      'write-back-method': 'application',
    })
    expect(await annotationsOf('fresh')).toEqual(written)
    for (const [key, value] of Object.entries(written)) {
      expect(stdout).toContain(`metadata.annotations[${key}]`)
      expect(stdout).toContain(`+     ${value}`)
    }
    expect(stdout).toContain('application.argoproj.io/fresh annotated')
    expect((await world.run(['check', 'fresh'])).stdout).toMatch(/fresh +web +1\.4\.0 +1\.4\.2 /)
  })

  it('changes one image and leaves the other annotations alone', async () => {
    const before = {
      ...prefixed({ 'image-list': `api=${image}:1.x`, 'api.allow-tags': 'regexp:^1' }),
      'example.com/owner': 'team-web',
    }
    await world.edit('Application', world.namespace, 'kept', { metadata: { annotations: before } })
    const args = ['annotate', 'kept', '--image', `web=${image}`, '--strategy', 'newest-build', '-y']
    expect(await world.run(args)).toMatchObject({ code: 0, stderr: expect.not.stringMatching(/^error/m) })
    expect(await annotationsOf('kept')).toEqual({
      ...before,
      [`${ANNOTATION_PREFIX}/image-list`]: expect.stringMatching(`^api=${image}:1.x, *web=${image}$`),
      [`${ANNOTATION_PREFIX}/web.update-strategy`]: 'newest-build',
    })
    const version = await resourceVersion(world, 'Application', 'kept')
    const again = await world.run(args)
    expect(again).toMatchObject({ code: 0, stderr: expect.not.stringMatching(/^error/m) })
    expect(again.stdout).toContain('application.argoproj.io/kept unchanged')
    expect(await resourceVersion(world, 'Application', 'kept')).toBe(version)
  })

  it.each(['client', 'server'])(
    'shows the Application as it would be with --dry-run=%s -o yaml',
    async (mode) => {
      const version = await resourceVersion(world, 'Application', 'shown')
      const { code, stdout, stderr } = await world.run([
        ...['annotate', 'shown', '--image', `web=${image}`, '--strategy', 'semver'],
        ...[`--dry-run=${mode}`, '-o', 'yaml'],
      ])
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(parse(stdout)).toMatchObject({
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Application',
        metadata: {
          name: 'shown',
          annotations: prefixed({ 'image-list': `web=${image}`, 'web.update-strategy': 'semver' }),
        },
        spec: { source: { path: 'deploy/shown' } },
      })
      expect(await resourceVersion(world, 'Application', 'shown')).toBe(version)
    },
  )

  it.each([
    {
      what: 'without --yes where nobody can be asked',
      args: ['asked', '--image', 'web=web'],
      error: /there is no terminal to ask on.*--yes/,
    },
    { what: 'without an Application', args: [], error: /no Application is named/ },
    { what: 'without an image', args: ['asked', '--yes'], error: /--image/ },
    { what: 'an image without alias', args: ['asked', '--image', 'web', '--yes'], error: /names no alias/ },
    {
      what: 'an unknown strategy',
      args: ['asked', '--image', 'web=web', '--strategy', 'newset-build', '--yes'],
      error: /newset-build.*newest-build/,
    },
    {
      what: 'a pattern that is none',
      args: ['asked', '--image', 'web=web', '--tag-filter', '(', '--yes'],
      error: /image-tag-filter/,
    },
    {
      what: 'an Application that does not exist',
      args: ['absent', '--image', 'web=web', '--yes'],
      error: /"absent" not found/,
    },
  ])('refuses $what in one line and writes nothing', async ({ args, error }) => {
    const version = await resourceVersion(world, 'Application', 'asked')
    const { code, stderr } = await world.run(['annotate', ...args])
    expect(code).toBe(1)
    const errors = stderr.split('\n').filter((line) => line.startsWith('error: '))
    expect(errors).toHaveLength(1)
    expect(errors[0]).toMatch(error)
    expect(await resourceVersion(world, 'Application', 'asked')).toBe(version)
  })
})

describe('annotate with the full rule set', () => {
  it('writes every setting, and an empty value takes it away again', async () => {
    await world.deploy({ name: 'full', images: { web: `${image}:1.4.0` } })
    await world.settle()
    const settings = {
      'allow-tags': 'regexp:^1',
      'tag-pattern': '^(?P<version>.+)$',
      platforms: 'linux/amd64',
      'pull-secret': `pullsecret:${world.namespace}/regcred`,
      'kustomize-image-name': 'web',
      'min-age': '24h',
      'max-bump': 'minor',
      after: 'fresh:30m',
      'write-back': 'git',
      'write-back-target': 'kustomization',
      'git-branch': 'main',
      'git-repository': 'https://git.example.com/other.git',
      'pull-request': 'gitlab',
    }
    const given = Object.entries(settings).map(([flag, value]) => `--${flag}=${value}`)
    const args = ['annotate', 'full', '--image', `web=${image}:^1`, '--yes']
    expect(await world.run([...args, ...given, '--allow-downgrade', '--pin-digest'])).toMatchObject({
      code: 0,
      stderr: expect.not.stringMatching(/^error/m),
    })
    expect(await annotationsOf('full')).toEqual(
      prefixed({
        'image-list': `web=${image}:^1`,
        'web.allow-tags': 'regexp:^1',
        'web.tag-pattern': '^(?P<version>.+)$',
        'web.platforms': 'linux/amd64',
        'web.pull-secret': `pullsecret:${world.namespace}/regcred`,
        'web.kustomize.image-name': 'web',
        'web.min-age': '24h',
        'web.max-bump': 'minor',
        'web.after': 'fresh:30m',
        'web.allow-downgrade': 'true',
        'web.pin-digest': 'true',
        'write-back-method': 'git',
        'write-back-target': 'kustomization',
        'git-branch': 'main',
        'git-repository': 'https://git.example.com/other.git',
        'pull-request': 'gitlab',
      }),
    )
    const emptied = Object.keys(settings).map((flag) => `--${flag}=`)
    expect(await world.run([...args, ...emptied, '--no-allow-downgrade', '--no-pin-digest'])).toMatchObject({
      code: 0,
      stderr: expect.not.stringMatching(/^error/m),
    })
    expect(await annotationsOf('full')).toEqual(prefixed({ 'image-list': `web=${image}:^1` }))
  })

  it('warns of a Helm parameter that the Application does not set, with the near one', async () => {
    await world.deploy({
      name: 'chart',
      sourceType: 'Helm',
      images: { web: `${image}:1.4.0` },
      source: { helm: { parameters: [{ name: 'web.image.tag', value: '1.4.0' }] } },
    })
    await world.settle()
    const { code, stderr } = await world.run([
      ...['annotate', 'chart', '--image', `web=${image}`, '--strategy', 'semver'],
      ...['--helm-image-name', 'something.else', '--helm-image-tag', 'web.image.tga', '--dry-run'],
    ])
    expect(code).toBe(0)
    expect(stderr).toMatch(/^Warning: .*web\.helm\.image-tag "web\.image\.tga".*web\.image\.tag/m)
    expect(stderr).toMatch(/^Warning: .*"something\.else": the Application sets no such parameter/m)
  })
})

describe('annotate for several Applications', () => {
  const rule = () => ['--image', `web=${image}:~1.4`, '--strategy', 'semver']

  async function deployTeam(team: string, names: readonly string[]): Promise<void> {
    for (const name of names) {
      await world.deploy({ name, images: { web: `${image}:1.4.0` }, labels: { team } })
    }
    await world.settle()
  }

  it('shows a diff of each and writes to all that -l selects', async () => {
    await deployTeam('blue', ['blue-a', 'blue-b'])
    const { code, stdout, stderr } = await world.run(['annotate', '-l', 'team=blue', ...rule(), '--yes'])
    expect(code).toBe(0)
    expect(stderr.match(/Right now this rule chooses 1\.4\.2/g)).toHaveLength(1)
    expect(stderr).toContain('2 Applications annotated.')
    for (const name of ['blue-a', 'blue-b']) {
      expect(stdout).toContain(`  application.argoproj.io/${name}\n`)
      expect(stdout).toContain(`application.argoproj.io/${name} annotated\n`)
      expect(await annotationsOf(name)).toEqual(
        prefixed({ 'image-list': `web=${image}:~1.4`, 'web.update-strategy': 'semver' }),
      )
    }
    const again = await world.run(['annotate', 'blue-a', 'blue-b', ...rule(), '--yes'])
    expect(again).toMatchObject({ code: 0, stderr: expect.not.stringMatching(/^error/m) })
    expect(again.stderr).toContain('0 Applications annotated, 2 unchanged.')
  })

  it('prints a List of them with -o json, and writes nothing with --dry-run', async () => {
    await deployTeam('green', ['green-a', 'green-b'])
    const { code, stdout } = await world.run([
      ...['annotate', 'green-a', 'green-b', ...rule()],
      ...['--dry-run=client', '-o', 'json'],
    ])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'List',
      items: [{ metadata: { name: 'green-a' } }, { metadata: { name: 'green-b' } }],
    })
    expect(await annotationsOf('green-a')).toEqual({})
  })

  it('goes on where one cannot have the rule, and where one is missing', async () => {
    await deployTeam('red', ['red-a', 'red-b'])
    const faulty = prefixed({ 'web.allow-tags': '^1' })
    await world.edit('Application', world.namespace, 'red-a', { metadata: { annotations: faulty } })
    const { code, stdout, stderr } = await world.run([
      ...['annotate', 'red-a', 'red-b', 'absent', ...rule(), '--yes'],
    ])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^error: red-a: the rule for "web" would not work: web\.allow-tags/m)
    expect(stderr).toMatch(/^error: .*"absent" not found/m)
    expect(stderr).toContain('1 Application annotated, 1 failed.')
    expect(stdout).toContain('application.argoproj.io/red-b annotated')
    expect(await annotationsOf('red-a')).toEqual(faulty)
  })

  it('does not overwrite what somebody wrote meanwhile, and writes to the others', async () => {
    const busy = await startWorld({ detours: true })
    try {
      const busyImage = busy.repository('web')
      await busy.push('web', '1.4.0')
      for (const name of ['one', 'two']) await busy.deploy({ name, images: { web: `${busyImage}:1.4.0` } })
      await busy.settle()
      const api = busy.api
      if (!api) throw new Error('there is no detour')
      const theirs = prefixed({ 'image-list': `theirs=${busyImage}` })
      let done = false
      api.intercept = async (line) => {
        if (!done && /^PATCH .*\/applications\/one\?/.test(line)) {
          done = true
          await busy.edit('Application', busy.namespace, 'one', { metadata: { annotations: theirs } })
        }
        return undefined
      }
      const { code, stdout, stderr } = await busy.run([
        ...['annotate', 'one', 'two', '--image', `web=${busyImage}`, '--strategy', 'semver', '--yes'],
      ])
      expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(/^error: one: /m) })
      expect(stderr).toContain('1 Application annotated, 1 failed.')
      expect(stdout).toContain('application.argoproj.io/two annotated')
      const one = await busy.read('Application', busy.namespace, 'one')
      expect(objectAt(one, 'metadata', 'annotations')).toMatchObject(theirs)
      expect(objectAt(one, 'metadata', 'annotations')).not.toHaveProperty(
        `${ANNOTATION_PREFIX}/web.update-strategy`,
      )
    } finally {
      await busy.close()
    }
  })

  it('says so when a selector leaves none', async () => {
    const { code, stderr } = await world.run(['annotate', '-l', 'team=none', ...rule(), '--yes'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^error: no Application is left to annotate.*team=none/m)
  })
})

describe('annotate --image-updater', () => {
  const args = (name: string, ...more: string[]) => [
    ...['annotate', name, '--image', `web=${image}:~1.4`, '--strategy', 'semver', ...more],
  ]

  async function deploy(name: string): Promise<void> {
    await world.deploy({ name, images: { web: `${image}:1.4.0` } })
    await world.settle()
  }

  it('creates the resource, adds to it, and leaves the Application alone', async () => {
    await deploy('resource-a')
    await deploy('resource-b')
    const first = await world.run(args('resource-a', '--image-updater', 'rules', '--yes'))
    expect(first).toMatchObject({ code: 0, stderr: expect.not.stringMatching(/^error/m) })
    expect(first.stdout).toContain('imageupdater.argocd-image-updater.argoproj.io/rules created')
    expect(first.stderr).toContain('Right now this rule chooses 1.4.2')
    const second = await world.run(args('resource-b', '--image-updater', 'rules', '--yes'))
    expect(second.stdout).toContain('imageupdater.argocd-image-updater.argoproj.io/rules configured')
    expect(await annotationsOf('resource-a')).toEqual({})
    const checked = await world.run(['check', 'resource-a', 'resource-b'])
    expect(checked.stdout.match(/web +1\.4\.0 +1\.4\.2 /g)).toHaveLength(2)
    const again = await world.run(args('resource-b', '--image-updater', 'rules', '--yes'))
    expect(again).toMatchObject({ code: 0, stderr: expect.not.stringMatching(/^error/m) })
    expect(again.stderr).toContain('unchanged')
    const shadowed = await world.run(args('resource-b', '--dry-run=client'))
    expect(shadowed.stderr).toMatch(
      /^Warning: .*resource-b: .*ImageUpdater .*\/rules has the rules.*--image-updater rules/m,
    )
  })

  it('prints it with --dry-run=client -o yaml and writes nothing', async () => {
    await deploy('resource-c')
    const { code, stdout, stderr } = await world.run(
      args('resource-c', '--image-updater', 'printed', '--dry-run=client', '-o', 'yaml'),
    )
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.not.stringContaining('error') })
    expect(parse(stdout)).toMatchObject({
      kind: 'ImageUpdater',
      metadata: { name: 'printed', namespace: world.namespace },
      spec: {
        applicationRefs: [
          {
            namePattern: 'resource-c',
            images: [
              {
                alias: 'web',
                imageName: `${image}:~1.4`,
                commonUpdateSettings: { updateStrategy: 'semver' },
              },
            ],
          },
        ],
      },
    })
    const names = (await world.list('ImageUpdater', world.namespace)).map((object) =>
      objectAt(object, 'metadata'),
    )
    expect(names).not.toContainEqual(expect.objectContaining({ name: 'printed' }))
  })

  it.each([
    ['what a resource cannot say', ['--min-age', '24h'], /no field for min-age/],
    ['a name that is none', ['--image-updater', 'No Name'], /--image-updater "No Name"/],
  ])('refuses %s', async (_, more, error) => {
    const { code, stderr } = await world.run(args('shown', '--image-updater', 'refused', '--yes', ...more))
    expect(code).toBe(1)
    expect(stderr).toMatch(error)
  })
})

describe('annotate -f', () => {
  const manifests = () =>
    ['one', 'two']
      .map(
        (name) => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: ${name}, namespace: argocd, labels: {team: web}} # ${name}
spec: {source: {repoURL: https://git.example.com/r.git, path: ${name}}}
`,
      )
      .join('---\n')

  it('writes to every Application that is selected, in one file', async () => {
    const file = join(world.home, 'several.yaml')
    await writeFile(file, manifests())
    const { code, stderr } = await world.run([
      ...['annotate', '-f', file, '-l', 'team=web', '--image', `web=${image}:~1.4`, '--yes'],
    ])
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('2 Applications annotated.'),
    })
    const lines = (await readFile(file, 'utf8')).split('\n')
    expect(lines.filter((line) => line.includes(`image-list: "web=${image}:~1.4"`))).toHaveLength(2)
    expect(lines.filter((line) => line.endsWith('# one') || line.endsWith('# two'))).toHaveLength(2)
  })

  it('goes on where one cannot be edited', async () => {
    const file = join(world.home, 'refused.yaml')
    const shared = 'annotations: &a {x: y}}\n'
    const [one = '', two = ''] = manifests().split('---\n')
    const refused = one.replace(
      /metadata: .*\n/,
      `metadata: {name: one, namespace: argocd, labels: {team: web}, ${shared}`,
    )
    await writeFile(file, [refused.replace('path: one', 'path: one, x: *a'), two].join('---\n'))
    const { code, stderr } = await world.run([
      ...['annotate', '-f', file, '-l', 'team=web', '--image', `web=${image}:~1.4`, '--yes'],
    ])
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(/^error: one: /m) })
    expect(stderr).toContain('1 Application annotated, 1 failed.')
  })

  it('prints an ImageUpdater, and has nowhere to write one', async () => {
    const file = join(world.home, 'printed.yaml')
    await writeFile(file, manifests())
    const args = ['annotate', '-f', file, 'one', '--image', `web=${image}`, '--image-updater', 'rules']
    const printed = await world.run([...args, '--dry-run=client', '-o', 'yaml'])
    expect(printed).toMatchObject({ code: 0, stderr: '' })
    expect(parse(printed.stdout)).toMatchObject({
      kind: 'ImageUpdater',
      spec: { applicationRefs: [{ namePattern: 'one' }] },
    })
    const refused = await world.run([...args, '--yes'])
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('nowhere to put a resource') })
    expect(await readFile(file, 'utf8')).toBe(manifests())
  })
})
