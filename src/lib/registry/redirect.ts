import type { Send } from './bounded.ts'
import { checkHost, type HostRules } from './host-policy.ts'
import { LIMITS } from './limits.ts'
import { RegistryError } from './registry-error.ts'
import type { HttpRequest } from './transport.ts'

const REDIRECTS = new Set([301, 302, 303, 307, 308])

/**
 * Follows redirects the way a client with secrets must: a few only, never from https to http, never with
 * Authorization to another origin, never to an address the operator did not allow, never for a POST
 * (its body is a secret here).
 *
 * @throws RegistryError of kind `refused` or `malformed` for a redirect that must not be followed.
 */
export function followRedirects(next: Send, rules: HostRules): Send {
  return async (first) => {
    let request = first
    for (let hops = 0; ; hops++) {
      const response = await next(request)
      const location = response.headers['location']
      if (!REDIRECTS.has(response.status) || location === undefined) return response
      if (hops >= LIMITS.redirects) {
        throw new RegistryError('malformed', first.subject, `more than ${LIMITS.redirects} redirects`)
      }
      request = redirected(request, location, rules)
    }
  }
}

function redirected(request: HttpRequest, location: string, rules: HostRules): HttpRequest {
  const refuse = (why: string) => new RegistryError('refused', request.subject, why)
  if (request.method === 'POST') throw refuse(`${request.url.host} redirects a request that carries a secret`)
  if (!URL.canParse(location, request.url)) throw refuse(`${request.url.host} redirects to no address`)
  const url = new URL(location, request.url)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && request.url.protocol === 'http:')) {
    throw refuse(
      `${request.url.host} redirects from ${request.url.protocol}// to ${url.protocol}//${url.host}`,
    )
  }
  url.username = ''
  url.password = ''
  if (url.origin === request.url.origin) return { ...request, url }
  checkHost(url, rules, request.subject)
  const { authorization: _, ...headers } = request.headers
  return { ...request, url, headers }
}
