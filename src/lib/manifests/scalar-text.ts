import { isMap, isScalar, parseDocument, Scalar, type Tags } from 'yaml'

/** Where a scalar stands: inside `[…]` or `{…}` fewer characters may be written plainly. */
export interface ScalarPlace {
  readonly inFlow: boolean
}

export type QuoteStyle = 'plain' | 'single' | 'double'

/** How a scalar is quoted; undefined for block scalars and for what is no text. */
export function quoteStyleOf(node: unknown): QuoteStyle | undefined {
  if (!isScalar(node)) return undefined
  if (node.type === Scalar.QUOTE_DOUBLE) return 'double'
  if (node.type === Scalar.QUOTE_SINGLE) return 'single'
  return node.type === Scalar.PLAIN ? 'plain' : undefined
}

/** A value as it is written on one line: in the style that is wanted, where it would still be the same value. */
export function scalarText(value: unknown, wanted: QuoteStyle, place: ScalarPlace): string {
  if (typeof value !== 'string') return JSON.stringify(value)
  if (wanted === 'plain' && isPlainText(value, place)) return value
  if (wanted === 'single' && !/[\p{Cc}\u2028\u2029\uFEFF]/u.test(value))
    return `'${value.replaceAll("'", "''")}'`
  return JSON.stringify(value).replace(/[\u007F-\u009F\u2028\u2029\uFEFF]/g, escaped)
}

/** `12:30:45`: a number to the base of 60 to YAML 1.1, a text to Go's readers. Quotes make it one to everybody. */
const BASE_60 = /^[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$/

function isPlainText(value: string, place: ScalarPlace): boolean {
  return !BASE_60.test(value) && readsAsText(value, place)
}

/**
 * Whether a text without quotes is the same text to Argo CD, kustomize and Helm: it must read so by YAML 1.2
 * and by YAML 1.1, which Go's readers still follow (`on`, `1_000`, `2024-01-01`), but for its numbers to the
 * base of 60.
 */
export function readsAsText(value: string, { inFlow }: ScalarPlace): boolean {
  // YAML allows `-latest`; people, and readers that are less exact, take it for an item of a list.
  if (value.startsWith('-')) return false
  // Older Go readers stop at a colon inside a flow collection.
  if (inFlow && value.includes(':')) return false
  const text = inFlow ? `{k: ${value}, z: z}` : `k: ${value}`
  return (['1.1', '1.2'] as const).every((version) => {
    const { contents, errors } = parseDocument(text, {
      customTags: withoutBase60,
      prettyErrors: false,
      version,
    })
    if (errors.length > 0 || !isMap(contents) || contents.items.length !== (inFlow ? 2 : 1)) return false
    const read: unknown = contents.items[0]?.value
    return isScalar(read) && read.type === Scalar.PLAIN && read.value === value && !read.comment
  })
}

function withoutBase60(tags: Tags): Tags {
  return tags.filter((tag) => typeof tag === 'string' || tag.format !== 'TIME')
}

/**
 * The text of a block scalar (`|`, `>`) with another value: header, indentation and line breaks as they were.
 * Undefined when it cannot be written like that.
 *
 * @param source the scalar as it stands, from its header to its last line break
 */
export function blockScalarText(value: string, source: string, lineBreak: string): string | undefined {
  const header = /^([|>])([+-]?\d?|\d[+-]?)([^\r\n]*)\r?\n/.exec(source)
  const indent = /^(?:[^\n]*\n)(?:[ ]*\r?\n)*([ ]+)\S/.exec(source)?.[1]
  if (!header || !indent) return undefined
  const lines = value.replace(/\n+$/, '').split('\n')
  if (lines.some((line) => /^\s|\s$|^$|[\p{Cc}]/u.test(line))) return undefined
  const breaks = value.length - value.replace(/\n+$/, '').length
  const chomping = breaks === 0 ? '-' : breaks === 1 ? '' : undefined
  if (chomping === undefined) return undefined
  const style = header[1] === '>' && lines.length > 1 ? '|' : header[1]
  const width = header[2]?.replace(/[+-]/, '') ?? ''
  const start = `${style}${width}${chomping}${header[3]}`
  const tail = /(?:\r?\n[ ]*)*$/.exec(source)?.[0] ?? ''
  return `${start}${lineBreak}${lines.map((line) => indent + line).join(lineBreak)}${tail}`
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
