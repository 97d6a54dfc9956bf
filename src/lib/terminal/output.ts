import { stringify } from 'yaml'
import { UserError } from '../errors.ts'
import { printable, printableJson } from './escape.ts'
import { asText, evaluateTemplate, parseTemplate, selectPath } from './json-path.ts'
import { type Column, renderTable } from './table.ts'

/** What `-o` asked for. `argument` is what follows the `=` of jsonpath and custom-columns. */
export interface OutputFormat {
  readonly kind: 'table' | 'wide' | 'json' | 'yaml' | 'name' | 'jsonpath' | 'custom-columns'
  readonly argument: string
}

export class OutputFormatError extends UserError {}

const PLAIN = new Set(['wide', 'json', 'yaml', 'name'])

/**
 * Reads the value of `-o`; absent means the table.
 *
 * @throws OutputFormatError or JsonPathError saying what is wrong with it
 */
export function parseOutputFormat(value: string | undefined): OutputFormat {
  if (value === undefined || value === '') return { kind: 'table', argument: '' }
  const equals = value.indexOf('=')
  const kind = equals < 0 ? value : value.slice(0, equals)
  const argument = equals < 0 ? '' : value.slice(equals + 1)
  if (equals < 0 && PLAIN.has(kind)) return { kind: kind as OutputFormat['kind'], argument }
  if ((kind === 'jsonpath' || kind === 'custom-columns') && argument !== '') {
    // Read once now, so that a mistake is told before anything else is done.
    if (kind === 'jsonpath') parseTemplate(argument)
    else customColumns(argument)
    return { kind, argument }
  }
  throw new OutputFormatError(
    kind === 'jsonpath' || kind === 'custom-columns'
      ? `-o ${kind} lacks its ${kind === 'jsonpath' ? 'template' : 'columns'}`
      : `-o "${value}" is not an output format`,
    'Use wide, json, yaml, name, jsonpath={.items[*].application} or custom-columns=APP:.application',
  )
}

/** One answer of a command in every shape `-o` can ask for. */
export interface Answer<Row> {
  /** The documented document: `{apiVersion, kind, items: […]}`. */
  readonly document: { readonly items: readonly unknown[]; readonly [field: string]: unknown }
  readonly rows: readonly Row[]
  readonly columns: readonly Column<Row>[]
  /** `application.argoproj.io/shop`, one a row; duplicates are printed once. */
  readonly name: (row: Row) => string
}

/** The text of an answer in the format asked for, ending in a line feed unless it is empty. */
export function renderAnswer<Row>(
  answer: Answer<Row>,
  format: OutputFormat,
  options: { readonly headers?: boolean } = {},
): string {
  switch (format.kind) {
    case 'json':
      return `${printableJson(JSON.stringify(answer.document, null, 2))}\n`
    case 'yaml':
      return yamlText(answer.document)
    case 'name': {
      const names = [...new Set(answer.rows.map(answer.name))]
      return names.map((name) => `${printable(name)}\n`).join('')
    }
    case 'jsonpath': {
      const text = evaluateTemplate(format.argument, answer.document)
      return text === '' || text.endsWith('\n') ? text : `${text}\n`
    }
    case 'custom-columns':
      return renderTable(customColumns(format.argument), answer.document.items, options)
    default:
      return renderTable(answer.columns, answer.rows, { ...options, wide: format.kind === 'wide' })
  }
}

function customColumns(specification: string): Column<unknown>[] {
  return specification.split(',').map((part) => {
    const colon = part.indexOf(':')
    if (colon <= 0 || colon === part.length - 1) {
      throw new OutputFormatError(
        `custom-columns: "${part}" is not HEADER:.path`,
        'Write for example custom-columns=APP:.application,TO:.available.tag',
      )
    }
    const path = part.slice(colon + 1)
    return {
      header: part.slice(0, colon),
      value: (item: unknown) => present(selectPath(path, item)).map(asText).join(',') || '<none>',
    }
  })
}

/**
 * The same items ordered by a JSONPath, as kubectl's `--sort-by`: numbers by value, everything else as
 * text, items without the field last.
 */
export function sortByPath<T>(items: readonly T[], path: string, view: (item: T) => unknown): T[] {
  const keyed = items.map((item) => ({ item, key: present(selectPath(path, view(item)))[0] }))
  keyed.sort((a, b) => {
    if (a.key === undefined || b.key === undefined)
      return Number(a.key === undefined) - Number(b.key === undefined)
    if (typeof a.key === 'number' && typeof b.key === 'number') return a.key - b.key
    const [left, right] = [asText(a.key), asText(b.key)]
    return left < right ? -1 : left > right ? 1 : 0
  })
  return keyed.map(({ item }) => item)
}

/** JSON has null where there is nothing. */
function present(values: readonly unknown[]): unknown[] {
  return values.filter((value) => value !== null && value !== undefined)
}

/** A document as YAML. Text that could harm a terminal is quoted, so that it can be escaped without a change of meaning. */
export function yamlText(document: unknown): string {
  const options = { aliasDuplicateObjects: false, lineWidth: 0 } as const
  const text = stringify(document, options)
  if (printableJson(text) === text) return text
  return printableJson(stringify(document, { ...options, defaultStringType: 'QUOTE_DOUBLE' }))
}
