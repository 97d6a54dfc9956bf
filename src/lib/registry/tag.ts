const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/

/** Whether this is a tag by the Distribution specification's grammar. */
export function isTag(text: string): boolean {
  return TAG.test(text)
}
