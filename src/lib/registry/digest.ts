import { createHash } from 'node:crypto'

const HEX_LENGTH: Readonly<Record<string, number>> = { sha256: 64, sha512: 128 }
const SHAPE = /^(sha256|sha512):([0-9a-f]+)$/

/** Whether this is a digest whose content can be checked (the OCI image specification's registered algorithms). */
export function isDigest(text: string): boolean {
  const match = SHAPE.exec(text)
  return match !== null && match[2]?.length === HEX_LENGTH[match[1] ?? '']
}

/** `sha256:…` of some bytes. */
export function sha256Digest(content: Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`
}

/** Whether these are the bytes the digest names. */
export function matchesDigest(digest: string, content: Uint8Array): boolean {
  if (!isDigest(digest)) return false
  const algorithm = digest.slice(0, digest.indexOf(':'))
  return digest === `${algorithm}:${createHash(algorithm).update(content).digest('hex')}`
}
