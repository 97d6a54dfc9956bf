const KIB = 1024
const MIB = 1024 * KIB

/** The most this program takes from a registry, whatever the registry sends. Bytes unless said otherwise. */
export const LIMITS = {
  /** One page of a tag listing, and all pages of one together. */
  tagListBytes: 32 * MIB,
  tagPages: 1000,
  tagCount: 500_000,
  manifestBytes: 4 * MIB,
  configBytes: 8 * MIB,
  tokenBytes: 1 * MIB,
  /** Of the body of an error, the rest is left unread. */
  errorBytes: 64 * KIB,
  redirects: 5,
  /** Manifests of one index. */
  indexManifests: 256,
  /** Milliseconds for one answer from the request to its last byte. */
  answerMilliseconds: 120_000,
} as const
