import { KubeconfigError } from './kubeconfig.ts'

/**
 * The API server's URL as client-go understands `server`: without a scheme it is plain HTTP; query,
 * fragment and trailing slashes mean nothing.
 *
 * @throws KubeconfigError when it is no http(s) URL.
 */
export function serverUrl(server: string): string {
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(server) ? server : `http://${server}`)
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.hostname === '') {
    throw new KubeconfigError(
      `"${server}" is not the address of an API server`,
      'Write an https URL such as https://10.0.0.1:6443',
    )
  }
  return url.origin + url.pathname.replace(/\/+$/, '')
}

/** Whether both are one address: host, port and base path, however each writes its default port or case. */
export function sameServer(a: string, b: string): boolean {
  try {
    return serverUrl(a) === serverUrl(b)
  } catch {
    return false
  }
}
