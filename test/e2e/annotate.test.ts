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
    expect(await world.run(args)).toMatchObject({ code: 0 })
    expect(await annotationsOf('kept')).toEqual({
      ...before,
      [`${ANNOTATION_PREFIX}/image-list`]: expect.stringMatching(`^api=${image}:1.x, *web=${image}$`),
      [`${ANNOTATION_PREFIX}/web.update-strategy`]: 'newest-build',
    })
    const version = await resourceVersion(world, 'Application', 'kept')
    const again = await world.run(args)
    expect(again).toMatchObject({ code: 0 })
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
