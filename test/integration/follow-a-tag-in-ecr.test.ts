import { DescribeRepositoriesCommand, type ECRClient } from '@aws-sdk/client-ecr'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { formatImageReference } from '../../src/lib/image/reference.ts'
import { runningDigests, sourceOf } from '../e2e/world/cluster-facts.ts'
import { startWorld, type World } from '../e2e/world/world.ts'
import { createEcrRepository, openEcr, putEcrImage } from './testbed/ecr.ts'

const { ecr } = inject('testbed')
const NAME = 'gitops-praq-prod'
const REPOSITORY = 'gitops-praq'
/** As a person wrote it: AWS's account ids have twelve digits. */
const IMAGE = `123456789.dkr.ecr.us-west-2.amazonaws.com/${REPOSITORY}`
const RULES = {
  'image-list': `app=${IMAGE}`,
  'app.image-tag-filter': '^production$',
  'app.update-strategy': 'latest',
  'write-back-method': 'application',
}

let client: ECRClient
beforeAll(async () => {
  client = openEcr({ ...ecr, region: 'us-west-2' })
  await createEcrRepository(client, REPOSITORY)
})
afterAll(() => client?.destroy())

async function push(tags: readonly string[]): Promise<string> {
  return (
    await putEcrImage(client, REPOSITORY, tags, {
      created: new Date(),
      labels: { build: crypto.randomUUID() },
    })
  ).root.digest
}

it('the emulator holds the repository', async () => {
  const answer = await client.send(new DescribeRepositoriesCommand({ repositoryNames: [REPOSITORY] }))
  expect(answer.repositories).toHaveLength(1)
})

describe.each([
  { sourceType: 'Directory' as const, action: 'restart deployment/gitops-praq-prod' },
  { sourceType: 'Kustomize' as const, action: 'set kustomize image' },
  { sourceType: 'Helm' as const, action: 'set helm parameters' },
])('the tag production moves in ECR, deployed from a $sourceType source', ({ sourceType, action }) => {
  let world: World
  let production: string
  let moved: string

  beforeAll(async () => {
    production = await push(['production'])
    await push(['staging'])
    world = await startWorld({
      resolveImage: async (image) =>
        formatImageReference(image).startsWith(IMAGE) ? image.digest || production : undefined,
    })
    await world.deploy({ name: NAME, sourceType, images: { app: `${IMAGE}:production` }, rules: RULES })
    await world.settle()
  })
  afterAll(() => world?.close())

  const run = (...args: string[]) => world.run(args, { env: { ...ecr.env, AWS_REGION: 'eu-central-1' } })

  it('is up to date at first, with a warning about the account id', async () => {
    expect(await runningDigests(world, NAME)).toEqual([production])
    const { code, stdout, stderr } = await run('check', '--exit-code')
    expect({ code, stderr }).toMatchObject({ code: 0 })
    expect(stdout).toContain('up to date')
    expect(stderr).toMatch(/^Warning: .*looks like ECR, but its account id has 9 digits instead of 12/m)
  })

  it('is seen, with the time of the push', async () => {
    moved = await push(['production'])
    production = moved
    const { stdout } = await run('check')
    expect(stdout).toMatch(new RegExp(`production@${moved.slice(7, 19)} +\\d+s +${action}`))
    const tags = await run('tags', IMAGE, '--strategy', 'latest', '-o', 'json')
    expect(tags).toMatchObject({ code: 0 })
    expect(JSON.parse(tags.stdout)).toMatchObject({ via: expect.stringContaining('DescribeImages') })
  })

  it('is applied, and the Pods come to run it', async () => {
    expect(await run('update', '--yes')).toMatchObject({ code: 0 })
    await world.settle()
    expect(await runningDigests(world, NAME)).toEqual([moved])
    const pinned = JSON.stringify(await sourceOf(world, NAME)).includes(`production@${moved}`)
    expect(pinned).toBe(sourceType !== 'Directory')
    expect(await run('check', '--exit-code')).toMatchObject({ code: 0 })
  })
})

it('a repository that ECR does not have is one line', async () => {
  const world = await startWorld()
  try {
    const image = '123456789012.dkr.ecr.us-west-2.amazonaws.com/absent'
    await world.deploy({
      name: 'absent',
      images: { app: `${image}:1` },
      rules: { 'image-list': `app=${image}` },
    })
    await world.settle()
    const { code, stderr } = await world.run(['update', '--yes'], { env: { ...ecr.env } })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^error: absent app: .*absent/m)
  } finally {
    await world.close()
  }
})
