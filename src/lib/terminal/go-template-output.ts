import { GENEROUS } from '../gotemplate/budget.ts'
import { GoTemplate } from '../gotemplate/template.ts'
import { GoMap, type GoValue } from '../gotemplate/value.ts'
import { printableLines } from './escape.ts'

/**
 * Reads a Go template, which makes text of JSON documents as kubectl's `go-template`: a key that is not there is
 * `<no value>`, numbers are floats, keys are in order.
 *
 * @param allowMissing whether a key that is not there is no error
 * @returns throws GoTemplateError for what the data does not allow, and beyond generous limits
 * @throws GoTemplateError with line and column of a mistake
 */
export function goTemplateRenderer(text: string, allowMissing = true): (document: unknown) => string {
  const template = new GoTemplate(text)
  return (document) =>
    printableLines(template.render(goValue(document, allowMissing ? null : 'error'), GENEROUS))
}

function goValue(value: unknown, missing: null | 'error'): GoValue {
  if (Array.isArray(value)) return value.map((item) => goValue(item, missing))
  if (typeof value === 'object' && value !== null)
    return new GoMap(
      Object.entries(value)
        .filter(([, field]) => field !== undefined)
        .map(([name, field]) => [name, goValue(field, missing)] as const),
      missing,
    )
  return (value ?? null) as GoValue
}
