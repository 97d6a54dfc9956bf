import { canonicalRegistry } from '../../image/reference.ts'
import type { AwsIdentity } from '../../registry/aws-identity.ts'
import { type EcrHost, parseEcrHost } from '../../registry/ecr-host.ts'
import type { ManagedImage } from '../managed-image.ts'
import { type Finding, findingsOf } from './finding.ts'

const finding = findingsOf('aws')

/** The private ECR hosts among the registries of some rules. */
export function ecrHosts(images: readonly ManagedImage[]): EcrHost[] {
  const hosts = new Set(images.map(({ rule }) => canonicalRegistry(rule.image.registry)))
  return [...hosts].flatMap((host) => parseEcrHost(host) ?? [])
}

/**
 * Who AWS takes this machine for, where an ECR host is among the registries; nothing where none is.
 *
 * @param ask tells the identity, asked in a region
 * @throws RegistryError when AWS does not tell, with what to do
 */
export async function awsFindings(
  hosts: readonly EcrHost[],
  profile: string | undefined,
  ask: (region: string) => Promise<AwsIdentity>,
): Promise<Finding[]> {
  const [first] = hosts
  if (!first) return []
  const { account, arn } = await ask(first.region)
  const via = profile ? `AWS profile ${profile}` : 'AWS default chain'
  const others = [...new Set(hosts.map((host) => host.account))].filter((one) => one !== account)
  return [
    finding('ok', 'identity', `${arn} (${kindOf(arn)}, ${via})`),
    ...(others.length === 0 ? [] : [otherAccounts(account, others)]),
  ]
}

function otherAccounts(account: string, others: readonly string[]): Finding {
  const message = `your account is ${account}, and images come from ${others.join(', ')}`
  return finding('ok', 'account', `${message}, whose repository policies must let you in`)
}

/** `arn:aws:sts::1:assumed-role/AWSReservedSSO_Admin_0123/alice` is one of SSO. */
function kindOf(arn: string): string {
  const resource = arn.split(':').at(-1) ?? ''
  if (resource.startsWith('assumed-role/AWSReservedSSO_')) return 'SSO session'
  if (resource.startsWith('assumed-role/')) return 'role'
  if (resource.startsWith('federated-user/')) return 'federated user'
  return resource === 'root' ? 'root user' : 'user'
}
