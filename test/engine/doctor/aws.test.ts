import { describe, expect, it } from 'vitest'
import { awsFindings, ecrHosts } from '../../../src/lib/engine/doctor/aws.ts'
import { managed } from '../world.ts'

const HOST = '123456789012.dkr.ecr.eu-west-1.amazonaws.com'
const OTHER = '210987654321.dkr.ecr.us-east-1.amazonaws.com'

function tell(images: string, arn: string, profile?: string) {
  const hosts = ecrHosts(managed({ rules: { 'image-list': images } }))
  const regions: string[] = []
  return awsFindings(hosts, profile, async (region) => {
    regions.push(region)
    return { account: '123456789012', arn }
  }).then((found) => ({ lines: found.map(({ state, message }) => `${state}: ${message}`), regions }))
}

describe('AWS', () => {
  it('is not asked where no image is on ECR', async () => {
    expect(await tell('a=org/a,b=public.ecr.aws/x/b', '')).toEqual({ lines: [], regions: [] })
  })

  it.each([
    ['arn:aws:iam::123456789012:user/ann', 'user'],
    ['arn:aws:sts::123456789012:assumed-role/Deploy/ann', 'role'],
    ['arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Admin_0123/ann', 'SSO session'],
    ['arn:aws:sts::123456789012:federated-user/ann', 'federated user'],
    ['arn:aws:iam::123456789012:root', 'root user'],
  ])('knows %s as %s', async (arn, kind) => {
    const { lines, regions } = await tell(`a=${HOST}/a,b=${HOST}/b`, arn)
    expect(lines).toEqual([`ok: ${arn} (${kind}, AWS default chain)`])
    expect(regions).toEqual(['eu-west-1'])
  })

  it('tells of the profile, and of images in other accounts', async () => {
    const arn = 'arn:aws:iam::123456789012:user/ann'
    const { lines } = await tell(`a=${HOST}/a,b=${OTHER}/b`, arn, 'prod')
    expect(lines).toEqual([
      `ok: ${arn} (user, AWS profile prod)`,
      'ok: your account is 123456789012, and images come from 210987654321, whose repository policies must let you in',
    ])
  })
})
