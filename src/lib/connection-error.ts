/** Codes by which Node.js says that it does not trust a certificate. */
const CERTIFICATE = /^(?:ERR_TLS|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_)/

/** The code of a failed connection, `ECONNREFUSED`; of several tried in a row the first's; else the error's name. */
export function connectionErrorCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const [first] = error instanceof AggregateError ? error.errors : [error]
  const code: unknown = first instanceof Error && 'code' in first ? first.code : undefined
  return typeof code === 'string' ? code : error.name
}

/** Whether such a code says that the certificate of the server is not trusted. */
export function isCertificateError(code: string): boolean {
  return CERTIFICATE.test(code)
}
