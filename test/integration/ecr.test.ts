import {
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  RepositoryNotFoundException,
} from '@aws-sdk/client-ecr'
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished, vi } from 'vitest'
import { createEcrRepository, openEcr, putEcrImage } from './testbed/ecr.ts'

const { ecr } = inject('testbed')

describe('the ECR emulator through the AWS SDK', () => {
  let client: ECRClient
  beforeAll(() => {
    client = openEcr(ecr)
  })
  afterAll(() => client.destroy())

  it('tells tags, digest and push time of an index in one call', async () => {
    const before = Date.now()
    await createEcrRepository(client, 'testbed/web')
    const image = await putEcrImage(client, 'testbed/web', ['1.0.0', 'latest'])
    const { imageDetails = [] } = await client.send(
      new DescribeImagesCommand({ repositoryName: 'testbed/web' }),
    )
    const tagged = imageDetails.filter(({ imageTags }) => imageTags?.length)
    expect(tagged).toHaveLength(1)
    expect(tagged[0]).toMatchObject({ imageTags: ['1.0.0', 'latest'], imageDigest: image.root.digest })
    expect(Number(tagged[0]?.imagePushedAt)).toBeGreaterThan(before - 2000)
  })

  it('throws the typed error of a repository that is not there', async () => {
    const asking = client.send(new DescribeImagesCommand({ repositoryName: 'testbed/absent' }))
    await expect(asking).rejects.toBeInstanceOf(RepositoryNotFoundException)
  })

  it('is what the SDK talks to when it has nothing but the environment made for programs under test', async () => {
    for (const [name, value] of Object.entries(ecr.env)) vi.stubEnv(name, value)
    const program = new ECRClient()
    onTestFinished(() => {
      program.destroy()
      vi.unstubAllEnvs()
    })
    await createEcrRepository(client, 'testbed/environment')
    const { repositories } = await program.send(
      new DescribeRepositoriesCommand({ repositoryNames: ['testbed/environment'] }),
    )
    expect(repositories).toMatchObject([{ repositoryUri: `${ecr.host}/testbed/environment` }])
  })
})
