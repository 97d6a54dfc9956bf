import { getCACertificates } from 'node:tls'
import { Agent, type buildConnector, type Dispatcher, ProxyAgent } from 'undici'
import type { Connection } from './connection.ts'
import type { Surroundings } from './connection-flags.ts'
import type { Credential } from './credential.ts'
import { pem } from './credential-pem.ts'
import { proxyFromEnvironment } from './proxy-environment.ts'

/** Requests under way at once; more wait. Enough to read a hundred workloads quickly without a burst. */
const CONNECTIONS = 16
/** Longer than a pause to read a screen, shorter than the idle limit of common load balancers (60 s). */
const KEEP_ALIVE = 30_000
const CONNECT_TIMEOUT = 15_000
/** An API server that says nothing for this long is gone. */
const IDLE_TIMEOUT = 90_000

/**
 * The connection pool for one API server: kept alive, with the connection's trust settings, client
 * certificate and proxy. HTTP/1.1 only, since many requests at a time are rare here.
 *
 * @throws KubeconfigError when the certificate authority cannot be read.
 */
export async function createDispatcher(
  connection: Connection,
  credential: Pick<Credential, 'certificate' | 'key'>,
  env: Surroundings['env'],
): Promise<Dispatcher> {
  const { cluster, requestTimeout } = connection
  // Who does not wait longer for an answer is not kept by a connection that does not come about either.
  const timeout = Math.min(CONNECT_TIMEOUT, requestTimeout || CONNECT_TIMEOUT)
  const tls: buildConnector.BuildOptions = {
    allowH2: false,
    timeout,
    ...(connection.server.startsWith('https:') && {
      ca: await trustedAuthorities(connection),
      rejectUnauthorized: !cluster.insecureSkipTlsVerify,
      ...(cluster.tlsServerName && { servername: cluster.tlsServerName }),
      ...(credential.certificate && { cert: credential.certificate, key: credential.key }),
    }),
  }
  const pool: Agent.Options = {
    connections: CONNECTIONS,
    keepAliveTimeout: KEEP_ALIVE,
    headersTimeout: IDLE_TIMEOUT,
    bodyTimeout: IDLE_TIMEOUT,
    allowH2: false,
  }
  const proxy = cluster.proxyUrl || proxyFromEnvironment(connection.server, env)
  if (proxy === '') return new Agent({ ...pool, connect: tls })
  if (proxy.startsWith('socks5:')) {
    const { socksConnector } = await import('./socks-connector.ts')
    return new Agent({ ...pool, connect: socksConnector(new URL(proxy), tls, timeout) })
  }
  return new ProxyAgent({ ...pool, uri: proxy, requestTls: tls })
}

/** The kubeconfig's authority alone, else everything this machine trusts, as Go does. */
async function trustedAuthorities({ cluster }: Connection): Promise<string[]> {
  const own = await pem(
    cluster.certificateAuthorityData,
    cluster.certificateAuthority,
    'certificate-authority',
  )
  if (own !== '') return [own]
  return [...new Set([...getCACertificates('default'), ...getCACertificates('system')])]
}
