import { expect, it } from 'vitest'
import { parseEcrHost } from '../../src/lib/registry/ecr-host.ts'

it.each([
  ['123456789012.dkr.ecr.eu-west-1.amazonaws.com', '123456789012', 'eu-west-1', false, false],
  ['123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com', '123456789012', 'us-gov-west-1', true, false],
  ['123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn', '123456789012', 'cn-north-1', false, false],
  ['123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu', '123456789012', 'eusc-de-east-1', false, false],
  ['123456789012.dkr-ecr.eu-west-1.on.aws', '123456789012', 'eu-west-1', false, true],
  ['123456789012.dkr-ecr-fips.us-east-1.on.aws', '123456789012', 'us-east-1', true, true],
  ['123456789012.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn', '123456789012', 'cn-north-1', false, true],
  ['123456789012.dkr.ecr.us-iso-east-1.c2s.ic.gov', '123456789012', 'us-iso-east-1', false, false],
  ['12345.dkr.ecr.eu-west-1.amazonaws.com', '12345', 'eu-west-1', false, false],
])('%s', (host, account, region, fips, dualStack) => {
  expect(parseEcrHost(host)).toEqual({ account, region, fips, dualStack })
})

it.each([
  'public.ecr.aws',
  '123456789012.dkr.ecr.eu-west-1.amazonaws.com.evil.example',
  'x123456789012.dkr.ecr.eu-west-1.amazonaws.com',
  'evil.example/123456789012.dkr.ecr.eu-west-1.amazonaws.com',
  '123456789012.dkr.ecr.eu-west-1.amazonaws.com:8443',
  '123456789012.dkr.ecr.eu-west-1.amazonawsxcom',
  'account.dkr.ecr.eu-west-1.amazonaws.com',
  '123456789012.dkr.ecr..amazonaws.com',
])('%s is no private ECR', (host) => {
  expect(parseEcrHost(host)).toBeUndefined()
})
