import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/lib/sandbox/json.ts'
import { sourceOf } from './world/cluster-facts.ts'
import { startWorld, type World } from './world/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world?.close())

/** Creates an ImageUpdater in the namespace of the Applications. */
async function createImageUpdater(name: string, spec: JsonObject): Promise<void> {
  await world.apply({
    apiVersion: 'argocd-image-updater.argoproj.io/v1alpha1',
    kind: 'ImageUpdater',
    metadata: { name, namespace: world.namespace },
    spec,
  })
}

/** An Application of a new repository with some versions, which runs 1.4.0. Returns the repository. */
async function deploy(name: string, more: Partial<Parameters<World['deploy']>[0]> = {}): Promise<string> {
  const image = world.repository(name)
  for (const tag of ['1.4.0', '1.4.9', '1.5.0', '2.0.0']) await world.push(name, tag)
  await world.deploy({ name, images: { app: `${image}:1.4.0` }, ...more })
  await world.settle()
  return image
}

describe('an ImageUpdater resource', () => {
  it('is the source of rules, from list to update', async () => {
    const image = await deploy('shop-eu', { labels: { tier: 'front' } })
    await createImageUpdater('shops', {
      commonUpdateSettings: { updateStrategy: 'semver', ignoreTags: ['1.5.0'] },
      applicationRefs: [
        {
          namePattern: 'shop-*',
          labelSelectors: { matchExpressions: [{ key: 'tier', operator: 'In', values: ['front', 'back'] }] },
          images: [{ alias: 'web', imageName: `${image}:1.x` }],
        },
      ],
    })
    const list = await world.run(['list', 'shop-eu'])
    expect(list).toMatchObject({ code: 0 })
    expect(list.stdout).toMatch(/shop-eu +web +\S+ +semver +1\.x +1\.4\.0 +- +imageupdater\/shops\n/)
    const { items } = JSON.parse((await world.run(['list', 'shop-eu', '-o', 'json'])).stdout)
    expect(items).toMatchObject([
      { alias: 'web', rule: { kind: 'image-updater', object: `${world.namespace}/shops` } },
    ])
    expect((await world.run(['check', 'shop-eu'])).stdout).toMatch(/shop-eu +web +1\.4\.0 +1\.4\.9 /)
    expect(await world.run(['update', 'shop-eu', '--yes'])).toMatchObject({ code: 0 })
    expect(await sourceOf(world, 'shop-eu')).toMatchObject({ kustomize: { images: [`${image}:1.4.9`] } })
  })

  it('with useAnnotations leaves the rules to the annotations', async () => {
    const image = world.repository('annotated')
    await deploy('annotated', { rules: { 'image-list': `own=${image}:~1.4` } })
    await createImageUpdater('annotated', {
      applicationRefs: [{ namePattern: 'annotated', useAnnotations: true }],
    })
    const { stdout, stderr } = await world.run(['list', 'annotated'])
    expect(stdout).toMatch(/annotated +own +\S+ +semver +~1\.4 +1\.4\.0 +- +annotation\n/)
    expect(stderr).not.toContain('Warning')
  })

  it('is used in place of annotations, and of a less specific resource, which is told', async () => {
    const image = world.repository('contested')
    await deploy('contested', { rules: { 'image-list': `own=${image}:~1.4` } })
    const images = (alias: string) => [{ alias, imageName: `${image}:^1` }]
    await createImageUpdater('by-name', {
      applicationRefs: [{ namePattern: 'contested', images: images('exact') }],
    })
    await createImageUpdater('by-pattern', {
      applicationRefs: [{ namePattern: 'cont*', images: images('wide') }],
    })
    const { code, stdout, stderr } = await world.run(['check', 'contested', '-o', 'json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout).items).toMatchObject([
      { alias: 'exact', available: { tag: '1.5.0' }, rule: { object: `${world.namespace}/by-name` } },
    ])
    expect(stderr).toContain(
      `Application ${world.namespace}/contested is also matched by ImageUpdater ${world.namespace}/by-pattern (cont*), which is less specific and not used`,
    )
    expect(stderr).toContain(
      `ImageUpdater ${world.namespace}/by-name has the rules for this Application, so its annotations are not read`,
    )
  })

  it('that wants what this version cannot do stops its image, and no other', async () => {
    const image = await deploy('careful')
    await createImageUpdater('careful', {
      applicationRefs: [
        {
          namePattern: 'careful',
          images: [
            {
              alias: 'signed',
              imageName: image,
              imagesVerification: { cosignKey: { secretName: 'cosign', key: 'cosign.pub' } },
            },
            { alias: 'misspelt', imageName: image, commonUpdateSettings: { allowTags: '^1' } },
            { alias: 'web', imageName: `${image}:~1.4` },
          ],
        },
      ],
    })
    const { code, stdout } = await world.run(['check', 'careful'])
    expect(code).toBe(1)
    expect(stdout).toMatch(/careful +signed .*imagesVerification "enabled": .*cannot verify any/)
    expect(stdout).toMatch(/careful +misspelt .*allowTags "\^1": it has no keyword/)
    expect(stdout).toMatch(/careful +web +1\.4\.0 +1\.4\.9 /)
  })

  it('with git write-back writes to no Application', async () => {
    const image = await deploy('committed')
    await createImageUpdater('committed', {
      writeBackConfig: { method: 'git', gitConfig: { pullRequest: { github: {} } } },
      applicationRefs: [{ namePattern: 'committed', images: [{ alias: 'web', imageName: `${image}:~1.4` }] }],
    })
    const { stdout } = await world.run(['check', 'committed'])
    expect(stdout).toMatch(/committed +web +1\.4\.0 +1\.4\.9 .* commit deploy\/committed\/\.argocd-source-/)
    const { code, stderr } = await world.run(['update', 'committed', '--yes'])
    expect(stderr).toMatch(/error: committed: .*no repository Secret or credential template/)
    expect(code).toBe(1)
    expect(await sourceOf(world, 'committed')).not.toHaveProperty('kustomize')
  })
})
