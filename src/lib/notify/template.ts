import { Liquid, type Template as Parsed } from 'liquidjs'
import { nearestWord } from '../nearest.ts'
import { FIELD_NAMES, type NotificationFields } from './notification-fields.ts'
import { NotifyError } from './notify-error.ts'
import { sentence } from './sentence.ts'

/** Characters of a template, and of what it may become. */
const LONGEST_TEMPLATE = 64 * 1024
const LONGEST_RESULT = 40_000
/** What conditions need. No loops, and nothing that reads files. */
const TAGS = new Set(['assign', 'if', 'unless', 'case', 'comment', 'raw', '#'])
const KNOWN = [...FIELD_NAMES, 'text']

/** The operator's own text with places for the fields of a notification. */
export interface Template {
  /** @throws NotifyError when it cannot be rendered or becomes too long. */
  render(fields: NotificationFields): string
}

/**
 * Reads a Liquid template: `{{ application }} {% if event == "failed" %}{{ reason }}{% endif %}`. It knows
 * the fields of a notification and `text`, the ready-made line, and nothing else of this program.
 *
 * @param escapeValue makes a value safe for where the result goes; there is no way round it
 * @throws NotifyError in one line for a mistake or a field that does not exist
 */
export function compileTemplate(text: string, escapeValue: (value: string) => string): Template {
  const engine = openEngine(escapeValue)
  const parsed = parse(engine, text)
  for (const [name, ...parts] of engine.globalVariableSegmentsSync(parsed)) checkField(String(name), parts)
  return {
    render(fields) {
      let result: string
      try {
        result = engine.renderSync(parsed, { ...fields, text: sentence(fields) })
      } catch (error) {
        throw new NotifyError(`the template cannot be rendered: ${firstLine(error)}`)
      }
      if (result.length > LONGEST_RESULT) {
        throw new NotifyError(`the template becomes longer than ${LONGEST_RESULT} characters`)
      }
      return result
    },
  }
}

function openEngine(escapeValue: (value: string) => string): Liquid {
  const engine = new Liquid({
    strictFilters: true,
    strictVariables: true,
    ownPropertyOnly: true,
    parseLimit: LONGEST_TEMPLATE,
    // Milliseconds and, roughly, characters: far more than a message needs, too little to hold anything up.
    renderLimit: 1000,
    memoryLimit: 1_000_000,
    timezoneOffset: 0,
    outputEscape: (value: unknown) => escapeValue(value === null || value === undefined ? '' : String(value)),
  })
  for (const tag of Object.keys(engine.tags)) if (!TAGS.has(tag)) delete engine.tags[tag]
  // `raw` would let a value through as it is.
  delete engine.filters['raw']
  return engine
}

function parse(engine: Liquid, text: string): Parsed[] {
  try {
    return engine.parse(text)
  } catch (error) {
    throw new NotifyError(
      `the template cannot be read: ${firstLine(error)}`,
      'It is a Liquid template, for example {{ application }}: {{ to }}',
    )
  }
}

function checkField(name: string, parts: readonly unknown[]): void {
  if (!KNOWN.includes(name)) {
    const near = nearestWord(name, KNOWN)
    throw new NotifyError(
      `the template asks for "${name}", which is not a field`,
      `${near ? `Did you mean ${near}? ` : ''}Fields are ${KNOWN.join(', ')}`,
    )
  }
  if (parts.length > 0) {
    throw new NotifyError(`the template asks for a part of "${name}", which is a plain text`)
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''
}
