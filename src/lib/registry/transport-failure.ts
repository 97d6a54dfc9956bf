import { RegistryError, type RequestSubject } from './registry-error.ts'
import { ADDRESS_REFUSED } from './transport.ts'

const TIMEOUTS = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
])

const TLS_REMEDY =
  'If the registry uses a private certificate authority, name its PEM file in NODE_EXTRA_CA_CERTS'

/** Turns what a failed connection threw into one typed line. */
export function transportFailure(cause: unknown, subject: RequestSubject, host: string): RegistryError {
  if (cause instanceof RegistryError) return cause
  const code = codeOf(cause)
  const text = cause instanceof Error ? cause.message : String(cause)
  if (code === ADDRESS_REFUSED) {
    return new RegistryError('refused', subject, `${text}, which may not be asked`, {
      cause,
      remedy: `If this registry is yours, add --allow-registry ${host}`,
    })
  }
  if (TIMEOUTS.has(code))
    return new RegistryError('timeout', subject, `${host} did not answer in time`, { cause })
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new RegistryError('unreachable', subject, `the host name ${host} does not resolve`, {
      cause,
      remedy: 'Check the spelling of the registry, DNS and VPN',
    })
  }
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG') {
    return new RegistryError('tls', subject, `${host} does not speak TLS`, {
      cause,
      remedy: `If it serves plain http and that is acceptable, add --plain-http-registry ${host}`,
    })
  }
  if (isTls(code)) {
    return new RegistryError('tls', subject, `the certificate of ${host} is not trusted (${code})`, {
      cause,
      remedy: TLS_REMEDY,
    })
  }
  if (isNamed(cause, 'HTTPParserError') || code === 'UND_ERR_HEADERS_OVERFLOW') {
    return new RegistryError('malformed', subject, `${host} does not answer in HTTP`, { cause })
  }
  return new RegistryError('unreachable', subject, `no connection to ${host} (${code || text})`, { cause })
}

function isTls(code: string): boolean {
  return /^(?:ERR_(?:TLS|SSL)_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|EPROTO$|HOSTNAME_MISMATCH)/.test(
    code,
  )
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name
}

/** The first error code along the chain of causes, '' when there is none. */
function codeOf(error: unknown): string {
  for (let each = error, depth = 0; each instanceof Error && depth < 5; each = each.cause, depth++) {
    if (each instanceof AggregateError && each.errors.length > 0) {
      const inner = codeOf(each.errors[0])
      if (inner !== '') return inner
    }
    if ('code' in each && typeof each.code === 'string' && each.code !== '') return each.code
  }
  return ''
}
