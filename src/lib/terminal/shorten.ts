const DIGEST_DIGITS = 12

/** `sha256:9f1c2b7a04de…` as its first 12 hex digits, which is what people compare. */
export function shortDigest(digest: string): string {
  return digest.slice(digest.indexOf(':') + 1).slice(0, DIGEST_DIGITS)
}

/** `tag@digits`, either part alone where the other is missing, '' for neither. */
export function tagAndDigest(tag: string, digest: string): string {
  if (!digest) return tag
  return `${tag}@${shortDigest(digest)}`
}

/** Cuts the middle out of a long text, so that both ends stay readable. */
export function shortenMiddle(text: string, limit: number): string {
  const characters = [...text]
  if (characters.length <= limit) return text
  const head = Math.ceil((limit - 1) / 2)
  return `${characters.slice(0, head).join('')}…${characters.slice(characters.length - (limit - 1 - head)).join('')}`
}
