import type { ServerResponse } from 'node:http'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { image, index } from './image-fixture.ts'
import { open, server } from './opened.ts'
import { json, type SeenRequest } from './scripted-server.ts'

const HOST = '123456789012.dkr.ecr.eu-west-1.amazonaws.com'
const DIGEST = (digit: number) => `sha256:${String(digit).repeat(64)}`

type Answer = (call: string, input: Record<string, unknown>, response: ServerResponse) => void

/** The ECR API on loopback, spoken to by the real SDK. */
async function ecr(answer: Answer, host = HOST, told: string[] = []) {
  const calls: { call: string; input: Record<string, unknown> }[] = []
  const api = await server((request, response) => {
    const call = callOf(request)
    const input = JSON.parse(request.body) as Record<string, unknown>
    calls.push({ call, input })
    answer(call, input, response)
  })
  vi.stubEnv('AWS_ENDPOINT_URL_ECR', `http://${api.host}`)
  const env = { AWS_ENDPOINT_URL_ECR: `http://${api.host}`, AWS_ACCESS_KEY_ID: 'AKID' }
  const { access } = open([], { env, onResult: (to, status) => told.push(`${to} ${status}`) })
  return { access, calls, api, image: { registry: host, repository: 'org/app', tag: '', digest: '' } }
}

function callOf(request: SeenRequest): string {
  return String(request.headers['x-amz-target']).replace(/^.*\./, '')
}

function fail(response: ServerResponse, type: string, status = 400): void {
  json(response, status, { __type: type, message: `${type} happened` })
}

beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) vi.stubEnv(name, undefined)
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKID')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret')
  vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent')
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nonexistent')
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
  return () => vi.unstubAllEnvs()
})

describe('a listing', () => {
  it('has tags, digests and push times of all pages; digests then need no request', async () => {
    const { access, calls, image, api } = await ecr((_, input, response) =>
      json(
        response,
        200,
        input['nextToken'] === undefined
          ? {
              imageDetails: [
                { imageDigest: DIGEST(1), imageTags: ['1.0', 'latest'], imagePushedAt: 1767225600 },
                { imageDigest: DIGEST(3), imagePushedAt: 1767225600 },
              ],
              nextToken: 'page-2',
            }
          : {
              imageDetails: [
                { imageDigest: DIGEST(2), imageTags: ['1.1', 'not a tag'], imagePushedAt: 1767312000 },
              ],
            },
      ),
    )
    expect(await access.listTags(image)).toEqual({
      tags: [
        { tag: '1.0', digest: DIGEST(1), pushedAt: new Date('2026-01-01T00:00:00Z') },
        { tag: 'latest', digest: DIGEST(1), pushedAt: new Date('2026-01-01T00:00:00Z') },
        { tag: '1.1', digest: DIGEST(2), pushedAt: new Date('2026-01-02T00:00:00Z') },
      ],
      via: 'ECR DescribeImages, AWS_ACCESS_KEY_ID',
      credential: 'AWS_ACCESS_KEY_ID',
      unusable: 1,
    })
    expect(await access.resolveDigest(image, 'latest')).toBe(DIGEST(1))
    const first = {
      registryId: '123456789012',
      repositoryName: 'org/app',
      maxResults: 1000,
      filter: { tagStatus: 'TAGGED' },
    }
    expect(calls).toEqual([
      { call: 'DescribeImages', input: first },
      { call: 'DescribeImages', input: { ...first, nextToken: 'page-2' } },
    ])
    expect([...access.requests]).toEqual([[api.host, 2]])
  })

  it('asks for the own registry where the account has not the twelve digits of every AWS account', async () => {
    const { access, calls, image } = await ecr(
      (_, input, response) =>
        input['registryId'] === undefined
          ? json(response, 200, { imageDetails: [{ imageDigest: DIGEST(1), imageTags: ['a'] }] })
          : fail(response, 'RepositoryNotFoundException'),
      '123456789.dkr.ecr.eu-west-1.amazonaws.com',
    )
    expect((await access.listTags(image)).tags).toHaveLength(1)
    expect(calls.map(({ input }) => input['registryId'])).toEqual([undefined])
  })

  it('with pages that go round in a circle ends', async () => {
    const { access, image } = await ecr((_, __, response) =>
      json(response, 200, { imageDetails: [], nextToken: 'again' }),
    )
    await expect(access.listTags(image)).rejects.toMatchObject({ kind: 'malformed' })
  })
})

it.each([
  ['RepositoryNotFoundException', 'not-found', 'no such repository', /region eu-west-1/],
  ['AccessDeniedException', 'forbidden', 'AWS_ACCESS_KEY_ID lacks the permission', /ecr:DescribeImages/],
  ['ExpiredTokenException', 'unauthorized', 'have expired', /aws sso login/],
  ['UnrecognizedClientException', 'unauthorized', 'does not accept the credentials', /aws sso login/],
  ['InvalidParameterException', 'malformed', 'ECR answers InvalidParameterException', /^$/],
])('%s is one clear line of kind %s', async (type, kind, what, remedy) => {
  const { access, image } = await ecr((_, __, response) => fail(response, type))
  const error = await access.listTags(image).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({
    kind,
    message: expect.stringContaining(what),
    remedy: expect.stringMatching(remedy),
    registry: HOST,
    repository: 'org/app',
  })
  expect(String(error)).not.toContain('secret')
})

it('how each request ended is told by host, retries too', async () => {
  const told: string[] = []
  let tries = 0
  const { access, api, image } = await ecr(
    (_, __, response) => {
      tries += 1
      if (tries === 1) fail(response, 'ThrottlingException', 429)
      else json(response, 200, { imageDetails: [] })
    },
    HOST,
    told,
  )
  await access.listTags(image)
  expect(told).toEqual([`${api.host} 429`, `${api.host} 200`])
})

it('no credentials at all is one clear line', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', undefined)
  vi.stubEnv('HOME', '/nonexistent')
  const { access, image } = await ecr((_, __, response) => json(response, 200, {}))
  await expect(access.listTags(image)).rejects.toMatchObject({
    kind: 'unauthorized',
    message: expect.stringContaining('no AWS credentials found'),
  })
})

describe('one tag', () => {
  it('is resolved by itself when nothing was listed', async () => {
    const { access, calls, image } = await ecr((_, __, response) =>
      json(response, 200, { imageDetails: [{ imageDigest: DIGEST(1), imageTags: ['a'] }] }),
    )
    expect(await access.resolveDigest(image, 'a')).toBe(DIGEST(1))
    expect(calls[0]?.input).toMatchObject({ imageIds: [{ imageTag: 'a' }] })
    expect(calls[0]?.input).not.toHaveProperty('maxResults')
  })

  it('that does not exist is not found', async () => {
    const { access, image } = await ecr((_, __, response) => fail(response, 'ImageNotFoundException'))
    await expect(access.resolveDigest(image, 'a')).rejects.toMatchObject({ kind: 'not-found' })
  })

  it('of an index is described from manifests alone', async () => {
    const amd64 = image('amd64', '2026-01-01T00:00:00Z')
    const both = index([{ platform: 'linux/amd64', manifest: amd64.manifest }])
    const bodies = new Map([both, amd64.manifest].map((each) => [each.digest, each.body.toString()]))
    const { access, image: reference } = await ecr((call, input, response) => {
      if (call === 'DescribeImages')
        return json(response, 200, { imageDetails: [{ imageDigest: both.digest }] })
      const [id] = input['imageIds'] as { imageDigest: string }[]
      json(response, 200, { images: [{ imageManifest: bodies.get(id?.imageDigest ?? ''), imageId: id }] })
    })
    expect(await access.describe(reference, 'a', [])).toEqual({
      digest: both.digest,
      mediaType: both.mediaType,
      platforms: [{ os: 'linux', architecture: 'amd64', variant: '' }],
      manifests: [amd64.manifest.digest],
    })
  })

  it('whose manifest does not have its digest is refused', async () => {
    const { access, image } = await ecr((_, __, response) =>
      json(response, 200, { images: [{ imageManifest: '{"schemaVersion":2,"layers":[]}' }] }),
    )
    await expect(access.describe(image, DIGEST(1), [])).rejects.toMatchObject({ kind: 'malformed' })
  })
})
