import { isIP } from 'node:net'
import { classifyAddress } from '../registry/host-policy.ts'
import { GitError } from './git-error.ts'
import type { RepositoryUrl } from './repository-url.ts'

const METADATA_NAMES = /^(?:metadata|instance-data)(?:\..*)?$/
const LOOPBACK_NAMES = /(?:^|\.)localhost$/

/**
 * Whether git may be sent to a repository that an annotation or an Application names. Private networks are where
 * git servers live; plain http, this machine itself, and link-local or metadata addresses are used only where the
 * operator vouches for the host.
 *
 * @param allowed `host` (any port) or `host:port`, exact, as the operator gave them
 * @throws GitError of kind `refused`
 */
export function checkRepositoryHost(url: RepositoryUrl, allowed: readonly string[]): void {
  const { transport, host, port, href } = url
  const authority = host.includes(':') ? `[${host}]` : host
  const withPort = `${authority}:${port || { https: 443, http: 80, ssh: 22 }[transport]}`
  if (allowed.some((entry) => [host, authority, withPort].includes(entry.toLowerCase()))) return
  const problem =
    transport === 'http'
      ? 'is plain http, which protects neither credentials nor content'
      : addressProblem(host)
  if (problem === undefined) return
  throw new GitError(
    'refused',
    `the repository ${href} ${problem}`,
    `If it is yours, add --allow-git-host ${port ? withPort : authority}`,
  )
}

function addressProblem(host: string): string | undefined {
  if (METADATA_NAMES.test(host)) return 'is at a metadata address'
  if (LOOPBACK_NAMES.test(host)) return 'is on this machine'
  if (isIP(host) === 0) return undefined
  const kind = classifyAddress(host)
  if (kind === 'link-local') return 'is at a link-local or metadata address'
  return kind === 'loopback' ? 'is on this machine' : undefined
}
