/** RFC 3339 in UTC and whole seconds, as kubectl and people write moments: `2026-03-01T12:00:00Z`. */
export function rfc3339(moment: Date): string {
  return moment.toISOString().replace(/\.\d{3}Z$/, 'Z')
}
