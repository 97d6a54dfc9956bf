import { GoTemplate } from '../gotemplate/template.ts'
import { GoMap, type GoValue } from '../gotemplate/value.ts'
import { printableLines } from './escape.ts'

/** @throws GoTemplateError with line and column of a mistake */
export function parseGoTemplate(text: string): GoTemplate {
  return new GoTemplate(text)
}

/**
 * The text that a Go template makes of a JSON document, as kubectl's `go-template`: a key that is not there is
 * `<no value>`, numbers are floats, keys are in order.
 *
 * @throws GoTemplateError for what the data does not allow, and beyond the limits of all templates here
 */
export function renderGoTemplate(text: string, document: unknown): string {
  return printableLines(parseGoTemplate(text).render(goValue(document)))
}

function goValue(value: unknown): GoValue {
  if (Array.isArray(value)) return value.map(goValue)
  if (typeof value === 'object' && value !== null)
    return new GoMap(
      Object.entries(value)
        .filter(([, field]) => field !== undefined)
        .map(([name, field]) => [name, goValue(field)] as const),
      null,
    )
  return (value ?? null) as GoValue
}
