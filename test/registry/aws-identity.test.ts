import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { awsIdentity } from '../../src/lib/registry/aws-identity.ts'
import { server } from './opened.ts'

const ARN = 'arn:aws:sts::123456789012:assumed-role/Deploy/ann'

beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) vi.stubEnv(name, undefined)
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKID')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret')
  vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent')
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nonexistent')
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
  return () => vi.unstubAllEnvs()
})

/** STS on loopback, spoken to by the real SDK. */
async function ask(answer: (response: ServerResponse) => void, env: Record<string, string> = {}) {
  const sts = await server((_, response) => answer(response))
  vi.stubEnv('AWS_ENDPOINT_URL_STS', `http://${sts.host}`)
  const answers: string[] = []
  const requests: string[] = []
  const identity = awsIdentity({
    env,
    onAnswer: (_, headers) => answers.push(headers['date'] ?? ''),
    onRequest: (host) => requests.push(host),
    region: 'eu-west-1',
    userAgent: 'test',
  })
  return { answers, identity, requests, sts }
}

function xml(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/xml' }).end(body)
}

function refusal(code: string): (response: ServerResponse) => void {
  return (response) =>
    xml(
      response,
      403,
      `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`,
    )
}

describe('the AWS identity', () => {
  it('is what STS says, and its answers are noted', async () => {
    const told = `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>${ARN}</Arn><UserId>A</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`
    const { answers, identity, requests, sts } = await ask((response) => xml(response, 200, told))
    expect(await identity).toEqual({ account: '123456789012', arn: ARN })
    expect(requests).toEqual([sts.host])
    expect(answers).toEqual([expect.stringMatching(/GMT$/)])
    expect(sts.requests[0]?.body).toContain('Action=GetCallerIdentity')
  })

  it.each([
    ['ExpiredToken', {}, /the AWS credentials \(AWS default chain\) have expired/, 'Run: aws sso login'],
    [
      'InvalidClientTokenId',
      { AWS_PROFILE: 'prod' },
      /does not accept the credentials \(AWS profile prod/,
      'Run: aws sso login --profile prod',
    ],
  ])('that is refused with %s says how to log in', async (code, env, message, remedy) => {
    const { identity } = await ask(refusal(code), env)
    await expect(identity).rejects.toMatchObject({ message: expect.stringMatching(message), remedy })
  })

  it('is none without credentials, and STS is not asked', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined)
    const { identity, requests } = await ask(() => {})
    await expect(identity).rejects.toMatchObject({
      message: expect.stringContaining('no AWS credentials found'),
      remedy: expect.stringContaining('aws sso login'),
    })
    expect(requests).toEqual([])
  })

  it('of an SSO session that is over says which profile to log in with', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'image-updater-sso-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const settings = [
      '[profile prod]',
      'sso_session = company',
      'sso_account_id = 123456789012',
      'sso_role_name = Admin',
      '[sso-session company]',
      'sso_region = eu-west-1',
      'sso_start_url = https://company.example.com/start',
    ]
    await writeFile(join(folder, 'config'), settings.join('\n'))
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, undefined)
    vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'))
    vi.stubEnv('AWS_PROFILE', 'prod')
    vi.stubEnv('HOME', folder)
    const { identity } = await ask(() => {}, { AWS_PROFILE: 'prod' })
    await expect(identity).rejects.toMatchObject({
      message: 'AWS STS: cannot ask who you are: the SSO session of AWS profile prod has expired',
      remedy: 'Run: aws sso login --profile prod',
    })
  })
})
