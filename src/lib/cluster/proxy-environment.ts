import { BlockList, isIP, isIPv4 } from 'node:net'
import type { Surroundings } from './connection-flags.ts'

/**
 * The proxy that the environment names for a URL, with Go's rules since kubectl follows them: HTTPS_PROXY
 * or HTTP_PROXY by the URL's scheme (upper case first), never for this machine itself, and not for what
 * NO_PROXY lists: `*`, hosts with their subdomains, `.suffix`, addresses and CIDR ranges, each with an
 * optional port.
 *
 * @returns the proxy's URL; '' for a direct connection.
 */
export function proxyFromEnvironment(server: string, env: Surroundings['env']): string {
  const url = new URL(server)
  const read = (name: string) => env[name] || env[name.toLowerCase()] || ''
  const proxy = read(url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY')
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase()
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  if (proxy === '' || isThisMachine(host)) return ''
  const exempt = read('NO_PROXY')
    .split(',')
    .some((rule) => matches(rule.trim().toLowerCase(), host, port))
  if (exempt) return ''
  return proxy.includes('://') ? proxy : `http://${proxy}`
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
}

function matches(rule: string, host: string, port: string): boolean {
  if (rule === '') return false
  if (rule === '*') return true
  const [range, prefix] = rule.split('/')
  if (range && prefix !== undefined) return isInRange(host, range, Number(prefix))
  const [, name = rule, rulePort] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(isIP(rule) ? `[${rule}]` : rule) ?? []
  if (rulePort !== undefined && rulePort !== port) return false
  if (isIP(name)) return name === host
  const suffix = name.replace(/^\*(?=\.)/, '')
  return suffix.startsWith('.') ? host.endsWith(suffix) : host === suffix || host.endsWith(`.${suffix}`)
}

function isInRange(host: string, range: string, prefix: number): boolean {
  const family = isIP(range) === 6 ? 'ipv6' : 'ipv4'
  if (isIP(range) === 0 || isIP(range) !== isIP(host)) return false
  if (!Number.isInteger(prefix) || prefix > (family === 'ipv4' ? 32 : 128)) return false
  const list = new BlockList()
  list.addSubnet(range, prefix, family)
  return list.check(host, family)
}
