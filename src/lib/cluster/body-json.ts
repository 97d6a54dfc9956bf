/** What Go's encoding/json escapes in strings beside what JSON wants escaped. */
const ESCAPED_BY_GO = /[<>&\u2028\u2029]/g

/**
 * JSON spelt as the API server spells it. Its JSON Patch compares the bytes of a `test` with those of the
 * object, so a value such as `>=1.0` would differ from itself if it were not escaped alike.
 */
export function bodyJson(value: unknown): string {
  return JSON.stringify(value).replace(
    ESCAPED_BY_GO,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
