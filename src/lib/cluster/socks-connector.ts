import { SocksClient } from 'socks'
import { buildConnector } from 'undici'

/**
 * Opens connections through a SOCKS5 proxy, which also looks up the host names (as kubectl's does). undici
 * brings a SOCKS5 agent of its own, but that one is experimental, says so on every use, and cannot reach a
 * TLS server by its address. Import this file only when a proxy-url asks for it.
 *
 * @param proxy `socks5://[user:password@]host[:port]`
 * @param tls how the API server behind the proxy is to be trusted.
 * @param timeout milliseconds for the way through the proxy.
 */
export function socksConnector(
  proxy: URL,
  tls: buildConnector.BuildOptions,
  timeout: number,
): buildConnector.connector {
  const secure = buildConnector(tls)
  const address = {
    host: proxy.hostname.replace(/^\[|\]$/g, ''),
    port: Number(proxy.port || 1080),
    type: 5 as const,
    ...(proxy.username && {
      userId: decodeURIComponent(proxy.username),
      password: decodeURIComponent(proxy.password),
    }),
  }
  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, '')
    const port = Number(options.port || (options.protocol === 'https:' ? 443 : 80))
    SocksClient.createConnection({
      proxy: address,
      command: 'connect',
      destination: { host, port },
      timeout,
    }).then(
      ({ socket }) => {
        if (options.protocol === 'https:') secure({ ...options, httpSocket: socket }, callback)
        else callback(null, socket.setNoDelay(true))
      },
      (error: Error) => callback(error, null),
    )
  }
}
