import { type Limits, STRICT } from './budget.ts'
import { evaluateTemplate } from './evaluate.ts'
import { type ParsedTemplate, parseTemplate } from './parser.ts'
import { GoTemplateError, TemplateSource } from './template-error.ts'
import { topFields } from './top-fields.ts'
import type { GoValue } from './value.ts'

/** Characters of a template. */
const LONGEST = 64 * 1024

/** A template of Go's text/template. It sees its data and nothing of this program. */
export class GoTemplate {
  readonly #source: TemplateSource
  readonly #parsed: ParsedTemplate

  /** @throws GoTemplateError with line and column of a mistake */
  constructor(text: string) {
    if (text.length > LONGEST) {
      throw new GoTemplateError(`the template is longer than ${LONGEST} characters`, { line: 1, column: 1 })
    }
    this.#source = new TemplateSource(text)
    this.#parsed = parseTemplate(this.#source)
  }

  /** As it was given. */
  get text(): string {
    return this.#source.text
  }

  /** @throws GoTemplateError for a field that the data does not have, and beyond the limits */
  render(data: GoValue, limits: Limits = STRICT): string {
    return evaluateTemplate(this.#parsed, data, this.#source, limits)
  }

  /** Whether any of its fields is called `name`, wherever it stands. */
  mentions(name: string): boolean {
    return topFields(this.#parsed).has(name)
  }
}
