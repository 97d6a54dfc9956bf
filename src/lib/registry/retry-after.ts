/**
 * When a limited registry wants to be asked again, in milliseconds since the epoch: Retry-After as seconds
 * or as an HTTP date (RFC 9110 §10.2.3), or Docker Hub's X-Retry-After, a Unix time in seconds.
 * Undefined when the answer does not say, or not in a way that can be read.
 */
export function retryAfter(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  const standard = headers['retry-after']?.trim() ?? ''
  if (/^[0-9]{1,9}$/.test(standard)) return now + Number(standard) * 1000
  const date = standard === '' ? Number.NaN : Date.parse(standard)
  if (!Number.isNaN(date)) return date
  const hub = headers['x-retry-after']?.trim() ?? ''
  if (/^[0-9]{9,11}$/.test(hub)) return Number(hub) * 1000
  return undefined
}
