import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * Whether a known_hosts file (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT") has a key for a host. ssh checks the
 * key itself; this only tells early, and in words, that there is none.
 *
 * @param host lower case, without brackets
 */
export function isKnownHost(knownHosts: string, host: string, port: number): boolean {
  const name = port === 22 ? host : `[${host}]:${port}`
  return knownHosts.split(/\r?\n/).some((line) => {
    const fields = line.trim().split(/\s+/)
    if (fields[0] === '@cert-authority') fields.shift()
    const [hosts = '', type = '', key = ''] = fields
    return !/^[#@]/.test(hosts) && type !== '' && key !== '' && covers(hosts, name)
  })
}

function covers(hosts: string, name: string): boolean {
  if (hosts.startsWith('|1|')) return isHashOf(hosts, name)
  const patterns = hosts.toLowerCase().split(',')
  if (patterns.some((pattern) => pattern.startsWith('!') && matches(pattern.slice(1), name))) return false
  return patterns.some((pattern) => matches(pattern, name))
}

/** `|1|salt|hash`: HMAC-SHA1 of the name, as `HashKnownHosts` of ssh writes it. */
function isHashOf(hashed: string, name: string): boolean {
  const [salt = '', hash = ''] = hashed.slice('|1|'.length).split('|')
  const stated = Buffer.from(hash, 'base64')
  const own = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest()
  return stated.length === own.length && timingSafeEqual(stated, own)
}

/** `*` stands for any text, `?` for one character; without backtracking, since patterns come from outside. */
function matches(pattern: string, name: string): boolean {
  let reached = new Set([0])
  for (const character of pattern) {
    const next = new Set<number>()
    for (const at of reached) {
      if (character === '*') for (let end = at; end <= name.length; end++) next.add(end)
      else if (at < name.length && (character === '?' || character === name[at])) next.add(at + 1)
    }
    reached = next
  }
  return reached.has(name.length)
}
