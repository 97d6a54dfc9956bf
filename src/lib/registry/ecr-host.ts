/** What a private ECR host says of itself. */
export interface EcrHost {
  /** As written; AWS's have 12 digits. */
  readonly account: string
  readonly region: string
  readonly fips: boolean
  readonly dualStack: boolean
}

/** As AWS's own credential helper recognises them, every partition, anchored at both ends. */
const HOST =
  /^([0-9]{1,20})\.dkr([.-])ecr(-fips)?\.([a-z0-9][a-z0-9-]*)\.(?:amazonaws\.com|amazonaws\.com\.cn|amazonaws\.eu|on\.aws|on\.amazonwebservices\.com\.cn|sc2s\.sgov\.gov|c2s\.ic\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)$/

/** Reads `<account>.dkr.ecr[-fips].<region>.<suffix>` and the dual-stack `.dkr-ecr`; undefined for any other host. */
export function parseEcrHost(host: string): EcrHost | undefined {
  const match = HOST.exec(host.toLowerCase())
  if (!match) return undefined
  const [, account = '', joint, fips, region = ''] = match
  return { account, region, fips: fips !== undefined, dualStack: joint === '-' }
}
