import { BlockList, isIP } from 'node:net'
import { RegistryError, type RequestSubject } from './registry-error.ts'

/** Which hosts the operator vouches for, as `host` (any port) or `host:port`. */
export interface HostRules {
  /** Loopback and private addresses may be asked only when named here. */
  readonly allowedHosts: readonly string[]
  /** Asked over plain http; naming a host here allows it too. */
  readonly plainHttpHosts: readonly string[]
}

/**
 * Where instance credentials are served, and addresses that name no host: nothing there is a registry,
 * whatever the operator configured.
 */
const METADATA_NAMES = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'metadata.azure.internal',
  'instance-data',
  'instance-data.ec2.internal',
])

const never = new BlockList()
never.addSubnet('169.254.0.0', 16)
never.addSubnet('fe80::', 10, 'ipv6')
never.addAddress('100.100.100.200')
never.addAddress('fd00:ec2::254', 'ipv6')
never.addAddress('0.0.0.0')
never.addAddress('::', 'ipv6')

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')

const privateNetwork = new BlockList()
privateNetwork.addSubnet('0.0.0.0', 8)
privateNetwork.addSubnet('10.0.0.0', 8)
privateNetwork.addSubnet('100.64.0.0', 10)
privateNetwork.addSubnet('172.16.0.0', 12)
privateNetwork.addSubnet('192.168.0.0', 16)
privateNetwork.addSubnet('fc00::', 7, 'ipv6')

export type AddressClass = 'link-local' | 'loopback' | 'private' | 'public'

/** What kind of network an IP address belongs to. `link-local` stands for everything that is never asked. */
export function classifyAddress(address: string): AddressClass {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  if (never.check(address, family)) return 'link-local'
  if (loopback.check(address, family)) return 'loopback'
  if (privateNetwork.check(address, family)) return 'private'
  return 'public'
}

/** Whether `entries` name this host, with or without its port. Exact, never by suffix. */
export function namesHost(entries: readonly string[], url: URL): boolean {
  return entries.some((entry) => {
    const wanted = entry.toLowerCase()
    return (
      wanted === url.host || wanted === bareHost(url) || wanted === url.hostname || wanted === withPort(url)
    )
  })
}

/** `http:` only for hosts the operator named; takes `host[:port]`. */
export function schemeFor(host: string, rules: HostRules): 'http:' | 'https:' {
  return namesHost(rules.plainHttpHosts, new URL(`http://${host}/`)) ||
    namesHost(rules.plainHttpHosts, new URL(`https://${host}/`))
    ? 'http:'
    : 'https:'
}

/**
 * Refuses addresses that an image name must not make this machine call: always link-local and metadata
 * services; loopback and private address literals unless the operator named them. Numeric spellings such
 * as `2130706433` or `0x7f.1` are already normalised by URL.
 *
 * @throws RegistryError of kind `refused`.
 */
export function checkHost(url: URL, rules: HostRules, subject: RequestSubject): void {
  const host = bareHost(url)
  const family = isIP(host)
  const named = family !== 0 ? classifyAddress(host) : classifyName(host)
  if (named === 'link-local') {
    throw new RegistryError('refused', subject, `${url.host} is a link-local or metadata address`, {
      remedy: 'Name the registry by its real host; such addresses are never asked',
    })
  }
  if (named === 'public') return
  if (namesHost(rules.allowedHosts, url) || namesHost(rules.plainHttpHosts, url)) return
  throw new RegistryError('refused', subject, `${url.host} is a ${named} address`, {
    remedy: `If this registry is yours, add --allow-registry ${url.host}, or --plain-http-registry ${url.host} if it has no TLS`,
  })
}

/** The host without brackets, port or trailing dot. */
export function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
}

function withPort(url: URL): string {
  return `${url.hostname}:${url.port || (url.protocol === 'http:' ? '80' : '443')}`
}

function classifyName(host: string): AddressClass {
  if (METADATA_NAMES.has(host)) return 'link-local'
  return host === 'localhost' || host.endsWith('.localhost') ? 'loopback' : 'public'
}
