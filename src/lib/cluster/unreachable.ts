import { UserError } from '../errors.ts'
import { ClusterError } from './client.ts'
import type { Connection } from './connection.ts'

/** Node's and undici's codes in words, with what to do about it. */
const REASONS: Readonly<Record<string, readonly [string, string]>> = {
  ECONNREFUSED: ['connection refused', 'Is the cluster running, and is the address right?'],
  ENOTFOUND: ['the host name is unknown', 'Check the server in the kubeconfig, or connect to the VPN'],
  EAI_AGAIN: ['the host name could not be looked up', 'Check the network, or connect to the VPN'],
  EHOSTUNREACH: ['no route to the host', 'Check the network, or connect to the VPN'],
  ENETUNREACH: ['the network is unreachable', 'Check the network, or connect to the VPN'],
  ETIMEDOUT: ['it did not answer in time', 'Check the network, or connect to the VPN'],
  ECONNRESET: ['the connection was reset', 'Try again; a proxy or firewall may be in the way'],
  UND_ERR_CONNECT_TIMEOUT: ['it did not answer in time', 'Check the network, or connect to the VPN'],
  UND_ERR_HEADERS_TIMEOUT: [
    'it accepted the request but did not answer',
    'Try again; the server may be overloaded',
  ],
  UND_ERR_BODY_TIMEOUT: ['its answer stopped half-way', 'Try again; the server may be overloaded'],
  UND_ERR_SOCKET: ['it closed the connection', 'Try again; the server may be restarting'],
  TimeoutError: ['no answer within --request-timeout', 'Allow more time with --request-timeout'],
  CERT_HAS_EXPIRED: ['its certificate has expired', 'Renew the certificate of the API server'],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'its certificate is for another name',
    'Correct the server in the kubeconfig, or name the certificate with --tls-server-name',
  ],
  ERR_SSL_WRONG_VERSION_NUMBER: [
    'it does not speak TLS',
    'Write http:// instead of https:// if that is meant',
  ],
  EPROTO: [
    'it does not speak TLS as expected',
    'Is it http instead of https, or a client certificate missing?',
  ],
}
/** When nothing says where the cluster is. */
export const NAME_A_CLUSTER =
  'Name a kubeconfig with --kubeconfig or KUBECONFIG; to try everything without a cluster: kubectl image-updater sandbox'
const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_SIGNATURE_FAILURE',
])

/**
 * A failed connection as the one line a person needs: which server, which context, why. Errors that speak
 * for themselves, such as an unreadable certificate, stay as they are.
 */
export function unreachable(connection: Connection, error: unknown): UserError {
  if (error instanceof UserError) return error
  const code = errorCode(error)
  const [why, remedy] = reasonFor(code) ?? [
    firstLine(innermost(error).message) || code,
    'Check the network and the server in the kubeconfig',
  ]
  const note = connection.addressNote === '' ? '' : `; ${connection.addressNote}`
  return new ClusterError(
    `cannot reach the API server ${connection.server} of context ${connection.context}: ${why}${note}`,
    0,
    'Unreachable',
    connection.addressNote === '' ? remedy : NAME_A_CLUSTER,
    { cause: error },
  )
}

function reasonFor(code: string): readonly [string, string] | undefined {
  if (UNTRUSTED.has(code)) {
    return [
      'its certificate is signed by an authority that is not trusted',
      'Name the authority with --certificate-authority or in the kubeconfig',
    ]
  }
  if (/^ERR_SSL_.*ALERT_.*CERTIFICATE|^ERR_SSL_.*UNKNOWN_CA/.test(code)) {
    return ['it refuses our client certificate', 'Renew the client certificate of the kubeconfig']
  }
  if (code.startsWith('ERR_OSSL')) {
    return [
      'a certificate or key of the kubeconfig is not valid PEM',
      'Correct certificate-authority, client-certificate or client-key',
    ]
  }
  return REASONS[code]
}

/** The code that tells most about a failed request; '' when there is none. */
export function errorCode(error: unknown): string {
  const inner = innermost(error)
  const { code } = inner as { code?: unknown }
  return typeof code === 'string' ? code : inner.name === 'TimeoutError' ? 'TimeoutError' : ''
}

/** Of wrapped errors and of several addresses that were tried, the first that says why. */
function innermost(error: unknown): Error {
  if (error instanceof AggregateError && error.errors.length > 0) return innermost(error.errors[0])
  if (error instanceof Error && error.cause instanceof Error && !(error instanceof DOMException)) {
    return innermost(error.cause)
  }
  return error instanceof Error ? error : new Error(String(error))
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? ''
}
