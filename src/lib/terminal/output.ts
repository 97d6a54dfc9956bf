import { stringify } from 'yaml'
import { UserError } from '../errors.ts'
import { nearestWord } from '../nearest.ts'
import { printable, printableJson } from './escape.ts'
import { asText, evaluateTemplate, parseTemplate, selectPath, selectWhole } from './json-path.ts'
import { readOutputFile } from './output-file.ts'
import { type Column, renderTable } from './table.ts'

/** What `-o` asked for; what takes an argument is read already. */
export type OutputFormat =
  | { readonly kind: 'table' | 'wide' | 'json' | 'yaml' | 'name' }
  | { readonly kind: keyof typeof WITH_ARGUMENT; readonly render: Render }

/** The text of a document. */
type Render = (document: Answer<never>['document'], options: RenderOptions) => string

interface RenderOptions {
  /** Whether a table has a line of headers; default true. */
  readonly headers?: boolean
}

export class OutputFormatError extends UserError {}

const PLAIN = ['wide', 'json', 'yaml', 'name'] as const
/**
 * The kinds that take an argument: what it is called when it is empty, and how it is read. All of it is read
 * before anything else is done, so that a mistake is told first.
 */
const WITH_ARGUMENT = {
  jsonpath: {
    lacks: 'template',
    read: (text: string, allowMissing: boolean): Render => {
      parseTemplate(text)
      return (document) => ended(evaluateTemplate(text, document, allowMissing))
    },
  },
  'jsonpath-as-json': {
    lacks: 'path',
    read: (text: string, allowMissing: boolean): Render => {
      selectWhole(text, {})
      return (document) =>
        `${printableJson(JSON.stringify(selectWhole(text, document, allowMissing), null, 4))}\n`
    },
  },
  'custom-columns': {
    lacks: 'columns',
    read: (text: string): Render => {
      const columns = customColumns(text)
      return ({ items }, options) => renderTable(columns, items, options)
    },
  },
  'go-template': {
    lacks: 'template',
    // The language of templates is loaded only for who writes one.
    read: async (text: string, allowMissing: boolean): Promise<Render> => {
      const { goTemplateRenderer } = await import('./go-template-output.ts')
      const render = goTemplateRenderer(text, allowMissing)
      return (document) => ended(render(document))
    },
  },
} as const
const KINDS = Object.keys(WITH_ARGUMENT) as (keyof typeof WITH_ARGUMENT)[]
/** kubectl's forms that read the argument from a file. */
const FILES: Readonly<Record<string, keyof typeof WITH_ARGUMENT>> = {
  'custom-columns-file': 'custom-columns',
  'go-template-file': 'go-template',
  'jsonpath-file': 'jsonpath',
  templatefile: 'go-template',
}
/** Another name that kubectl has for a kind. */
const ALSO: Readonly<Record<string, keyof typeof WITH_ARGUMENT>> = { template: 'go-template' }

/**
 * Reads the value of `-o`; absent means the table.
 *
 * @param allowMissing whether templates may ask for what is not there (`--allow-missing-template-keys`)
 * @throws OutputFormatError, JsonPathError or GoTemplateError saying what is wrong with it
 */
export async function parseOutputFormat(
  value: string | undefined,
  allowMissing = true,
): Promise<OutputFormat> {
  if (value === undefined || value === '') return { kind: 'table' }
  const equals = value.indexOf('=')
  const name = equals < 0 ? value : value.slice(0, equals)
  const given = equals < 0 ? '' : value.slice(equals + 1)
  const plain = PLAIN.find((known) => known === value)
  if (plain) return { kind: plain }
  const kind = KINDS.find((known) => known === name) ?? ALSO[name] ?? FILES[name]
  if (!kind) throw unknownFormat(value, name)
  if (given === '') {
    const lacks = name in FILES ? 'file' : WITH_ARGUMENT[kind].lacks
    throw new OutputFormatError(`-o ${name} lacks its ${lacks}`, USE)
  }
  const argument = name in FILES ? readOutputFile(name, given) : given
  return { kind, render: await WITH_ARGUMENT[kind].read(argument, allowMissing) }
}

const USE =
  'Use wide, json, yaml, name, jsonpath={.items[*].application}, custom-columns=APP:.application or go-template={{len .items}}'

function unknownFormat(value: string, name: string): OutputFormatError {
  const near = nearestWord(name, [...PLAIN, ...KINDS, ...Object.keys(FILES)])
  const remedy = near && near !== name ? `Did you mean ${near}?` : USE
  return new OutputFormatError(`-o "${value}" is not an output format`, remedy)
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
  options: RenderOptions = {},
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
    case 'table':
    case 'wide':
      return renderTable(answer.columns, answer.rows, { ...options, wide: format.kind === 'wide' })
    default:
      return format.render(answer.document, options)
  }
}

const ended = (text: string) => (text === '' || text.endsWith('\n') ? text : `${text}\n`)

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
