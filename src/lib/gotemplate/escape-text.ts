const HTML: Readonly<Record<string, string>> = {
  '\0': '\ufffd',
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
}
const JAVASCRIPT: Readonly<Record<string, string>> = { '\\': '\\\\', "'": "\\'", '"': '\\"' }

/** Go's `html`. */
export function escapeHtml(text: string): string {
  return text.replace(/[\0"'&<>]/g, (character) => HTML[character] ?? character)
}

/** Go's `js`: safe inside quotes of JavaScript, also where that stands in HTML. */
export function escapeJavaScript(text: string): string {
  return text.replace(/[\\'"<>&=\p{Cc}\u2028\u2029]/gu, (character) => {
    return (
      JAVASCRIPT[character] ?? `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
    )
  })
}

/** Go's `urlquery`: everything but letters, digits and `-_.~` in percent signs, a space as `+`. */
export function escapeQuery(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
}
