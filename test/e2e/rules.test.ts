import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runningDigests, sourceOf } from './world/cluster-facts.ts'
import { startWorld, type World } from './world/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world?.close())

describe('image-list: app=repo1:tag1,sidecar=repo2:tag2', () => {
  it('follows each tag in its own repository, and advises to name the strategy', async () => {
    const [one, two] = [world.repository('repo1'), world.repository('repo2')]
    await world.push('repo1', 'tag1')
    await world.push('repo2', 'tag2')
    await world.deploy({
      name: 'pair',
      images: { app: `${one}:tag1`, sidecar: `${two}:tag2` },
      rules: { 'image-list': `app=${one}:tag1,sidecar=${two}:tag2` },
    })
    await world.settle()
    const first = await world.push('repo1', 'tag1')
    const second = await world.push('repo2', 'tag2')
    const { code, stdout, stderr } = await world.run(['update', 'pair', '--yes'])
    expect(code).toBe(0)
    expect(stderr).toContain('the tag is followed, as by digest. Write app.update-strategy: digest')
    expect(stdout).toContain('image app')
    expect(stdout).toContain('image sidecar')
    expect(await sourceOf(world, 'pair')).toMatchObject({
      kustomize: {
        images: expect.arrayContaining([`${one}:tag1@${first}`, `${two}:tag2@${second}`]),
      },
    })
    await world.settle()
    expect((await runningDigests(world, 'pair')).toSorted()).toEqual([first, second].toSorted())
  })

  it('takes what stands after the colon as a version range with the strategy semver', async () => {
    const [one, two] = [world.repository('ranged1'), world.repository('ranged2')]
    for (const tag of ['1.4.0', '1.4.9', '1.5.0', '2.0.0']) await world.push('ranged1', tag)
    for (const tag of ['2.0.0', '2.0.1', '2.1.0']) await world.push('ranged2', tag)
    await world.deploy({
      name: 'ranged',
      images: { app: `${one}:1.4.0`, sidecar: `${two}:2.0.0` },
      rules: { 'image-list': `app=${one}:~1.4,sidecar=${two}:2.x` },
    })
    await world.settle()
    expect(await world.run(['update', 'ranged', '-y'])).toMatchObject({ code: 0 })
    expect(await sourceOf(world, 'ranged')).toMatchObject({
      kustomize: { images: expect.arrayContaining([`${one}:1.4.9`, `${two}:2.1.0`]) },
    })
  })
})

it('app.image-tag-filter: ^v\\d+\\.\\d+\\.\\d+$ with semver takes the highest release and nothing else', async () => {
  const image = world.repository('filtered')
  for (const tag of ['v1.2.0', 'v1.10.0', 'v1.9.9', 'v2.0.0-rc.1', '3.0.0', 'latest', 'main-7c1d2e4'])
    await world.push('filtered', tag)
  await world.deploy({
    name: 'filtered',
    sourceType: 'Helm',
    images: { app: `${image}:v1.2.0` },
    rules: {
      'image-list': `app=${image}`,
      'app.image-tag-filter': String.raw`^v\d+\.\d+\.\d+$`,
      'app.update-strategy': 'semver',
    },
  })
  await world.settle()
  expect((await world.run(['check', 'filtered'])).stdout).toMatch(/filtered +app +v1\.2\.0 +v1\.10\.0 /)
  expect(await world.run(['update', 'filtered', '--yes'])).toMatchObject({ code: 0 })
  expect(await sourceOf(world, 'filtered')).toMatchObject({
    helm: { parameters: expect.arrayContaining([expect.objectContaining({ value: 'v1.10.0' })]) },
  })
})
