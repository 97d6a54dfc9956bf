import type { ObjectField } from '../application/object-field.ts'

/** A whole number, 0 or more. @throws MalformedFieldError for anything else, also when absent. */
export function wholeNumber(field: ObjectField): number {
  if (typeof field.value === 'number' && Number.isSafeInteger(field.value) && field.value >= 0) {
    return field.value
  }
  throw field.malformed('a number')
}

/** A link for a browser. @throws MalformedFieldError when it is none of http or https. */
export function webLink(field: ObjectField): string {
  const url = URL.canParse(field.text()) ? new URL(field.text()) : undefined
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url.href
  throw field.malformed('a link')
}
