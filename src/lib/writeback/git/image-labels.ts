import { cleanLine } from './outside-text.ts'

/** More than any image that is built by a known tool has. */
const MOST_LABELS = 100
const LONGEST_NAME = 256
const LONGEST_VALUE = 1024

/**
 * The labels of an image config (`config.Labels` of the OCI image specification) as they may be shown:
 * each one line without control characters; at most 100, of at most 1024 characters each. What is no
 * text is left out, and so is what is too long: half a URL leads somewhere else.
 *
 * @param labels the field as it was received, of any shape
 */
export function labelsOf(labels: unknown): Readonly<Record<string, string>> {
  if (typeof labels !== 'object' || labels === null || Array.isArray(labels)) return {}
  const clean: [string, string][] = []
  for (const [name, value] of Object.entries(labels)) {
    if (clean.length === MOST_LABELS) break
    if (typeof value !== 'string' || name.length > LONGEST_NAME || value.length > LONGEST_VALUE) continue
    clean.push([cleanLine(name), cleanLine(value)])
  }
  return Object.fromEntries(clean)
}
