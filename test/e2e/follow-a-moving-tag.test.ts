import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deploymentOf, resourceVersion, runningDigests, sourceOf } from './world/cluster-facts.ts'
import { startWorld, type World } from './world/world.ts'

const NAME = 'gitops-praq-prod'

/** The rules of the first example in the manual, word for word but for the registry. */
const RULES = {
  'app.image-tag-filter': '^production$',
  'app.update-strategy': 'latest',
  'write-back-method': 'application',
}

describe.each([
  {
    sourceType: 'Directory' as const,
    action: 'restart deployment/gitops-praq-prod',
    overrides: () => ({}),
  },
  {
    sourceType: 'Kustomize' as const,
    action: 'set kustomize image',
    overrides: (image: string, digest: string) => ({
      kustomize: { images: [`${image}:production@${digest}`] },
    }),
  },
  {
    sourceType: 'Helm' as const,
    action: 'set helm parameters',
    overrides: (image: string, digest: string) => ({
      helm: {
        parameters: expect.arrayContaining([
          expect.objectContaining({ name: 'image.name', value: image }),
          expect.objectContaining({ name: 'image.tag', value: `production@${digest}` }),
        ]),
      },
    }),
  },
])('the tag production moves, deployed from a $sourceType source', ({ sourceType, action, overrides }) => {
  let world: World
  let image: string
  let before: string
  let moved: string

  beforeAll(async () => {
    world = await startWorld()
    image = world.repository('gitops-praq')
    before = await world.push('gitops-praq', 'production')
    await world.push('gitops-praq', 'staging')
    await world.deploy({
      name: NAME,
      sourceType,
      images: { app: `${image}:production` },
      rules: { 'image-list': `app=${image}`, ...RULES },
    })
    await world.settle()
  })
  afterAll(() => world?.close())

  it('is up to date as long as nobody pushes', async () => {
    expect(await runningDigests(world, NAME)).toEqual([before])
    const { code, stdout, stderr } = await world.run(['check', '--exit-code'])
    expect({ code, stderr }).toMatchObject({ code: 0 })
    expect(stdout).toMatch(/gitops-praq-prod +app +production@\w{12} +production@\w{12} .*up to date/)
  })

  it('is seen by check, which says what update would do', async () => {
    moved = await world.push('gitops-praq', 'production')
    const { code, stdout } = await world.run(['check', '--exit-code'])
    expect(code).toBe(1)
    expect(stdout).toContain(`production@${moved.slice(7, 19)}`)
    expect(stdout).toContain(action)
  })

  it('is shown and not written by update --dry-run', async () => {
    const version = await resourceVersion(world, 'Application', NAME)
    const workload = await resourceVersion(world, 'Deployment', NAME)
    for (const dryRun of ['client', 'server']) {
      const { code, stdout } = await world.run(['update', `--dry-run=${dryRun}`])
      expect(code).toBe(0)
      expect(stdout).toContain('dry run)')
    }
    expect(await resourceVersion(world, 'Application', NAME)).toBe(version)
    expect(await resourceVersion(world, 'Deployment', NAME)).toBe(workload)
  })

  it('is applied by update --yes, and the Pods come to run the new image', async () => {
    const { code, stdout, stderr } = await world.run(['update', '--yes'])
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.not.stringContaining('error:') })
    expect(stdout).toContain(moved.slice(7, 19))
    expect(await sourceOf(world, NAME)).toMatchObject(overrides(image, moved))
    await world.settle()
    expect(await runningDigests(world, NAME)).toEqual([moved])
  })

  it('leaves nothing to do: check is up to date, another update writes nothing', async () => {
    expect(await world.run(['check', '--exit-code'])).toMatchObject({ code: 0 })
    const version = await resourceVersion(world, 'Application', NAME)
    const workload = await resourceVersion(world, 'Deployment', NAME)
    const { code, stdout, stderr } = await world.run(['update', '--yes'])
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(stderr).toContain('Nothing to do')
    expect(await resourceVersion(world, 'Application', NAME)).toBe(version)
    expect(await resourceVersion(world, 'Deployment', NAME)).toBe(workload)
  })

  it('follows the next push as well', async () => {
    const next = await world.push('gitops-praq', 'production')
    expect(await world.run(['update', '--yes'])).toMatchObject({ code: 0 })
    await world.settle()
    expect(await runningDigests(world, NAME)).toEqual([next])
  })
})

describe('a restart for a tag that moved in place', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
    const image = world.repository('gitops-praq')
    await world.push('gitops-praq', 'production')
    const rules = { 'image-list': `app=${image}`, ...RULES }
    const images = { app: `${image}:production` }
    await world.deploy({ name: 'plain', sourceType: 'Directory', images, rules })
    await world.deploy({ name: 'fixed', sourceType: 'Directory', images, rules, pullPolicy: 'IfNotPresent' })
    await world.settle()
  })
  afterAll(() => world?.close())

  it('sets the annotations and imagePullPolicy: Always, and only there where no manifest decides otherwise', async () => {
    const moved = await world.push('gitops-praq', 'production')
    const fixedBefore = await resourceVersion(world, 'Deployment', 'fixed')
    const { code, stdout, stderr } = await world.run(['update', '--yes'])
    expect(code).toBe(0)
    expect(stdout).toContain('deployment.apps/plain restarted')
    expect(stderr).toMatch(
      /^Warning: fixed app not updated: .*imagePullPolicy IfNotPresent from its manifest/m,
    )
    const { spec } = (await deploymentOf(world, 'plain')) as unknown as {
      spec: {
        template: {
          metadata: { annotations: Record<string, string> }
          spec: { containers: { name: string; imagePullPolicy: string }[] }
        }
      }
    }
    expect(spec.template.spec.containers).toMatchObject([{ name: 'app', imagePullPolicy: 'Always' }])
    const { annotations } = spec.template.metadata
    expect(annotations['kubectl.kubernetes.io/restartedAt']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    expect(JSON.stringify(annotations)).toContain(moved)
    expect(await resourceVersion(world, 'Deployment', 'fixed')).toBe(fixedBefore)
    const { stdout: table } = await world.run(['check'])
    expect(table).toMatch(/fixed .*blocked: .*imagePullPolicy IfNotPresent from its manifest/)
  })
})
