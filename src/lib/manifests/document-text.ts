import {
  type Document,
  isScalar,
  type Node,
  parseAllDocuments,
  visit,
  type YAMLError,
  YAMLParseError,
} from 'yaml'

/** As kubectl reads manifests: merge keys count. The parser is not to talk to the terminal. */
const READING = {
  keepSourceTokens: true,
  logLevel: 'error',
  merge: true,
  prettyErrors: false,
  strict: true,
  // Its own check compares every key with every other one: see refuseRepeatedKeys.
  uniqueKeys: false,
} as const
/** A manifest of aliases of aliases of aliases is no manifest. */
const MOST_ALIASES = 1000

/** Every document of a YAML (or JSON) text. Errors are in the documents. */
export function parseDocuments(text: string): readonly Document.Parsed[] {
  const parsed = parseAllDocuments(text, READING)
  const documents = Array.isArray(parsed) ? parsed : []
  for (const document of documents) refuseRepeatedKeys(document)
  return documents
}

/** A key that is there twice is an error: readers differ in which of the two they take. */
function refuseRepeatedKeys(document: Document.Parsed): void {
  if (document.errors.length > 0) return
  visit(document, {
    Map: (_, { items }) => {
      const names = new Set<unknown>()
      for (const { key } of items) {
        if (!isScalar(key)) continue
        const [start = 0] = (key as Node).range ?? []
        if (names.has(key.value)) {
          document.errors.push(
            new YAMLParseError([start, start + 1], 'DUPLICATE_KEY', 'Map keys must be unique'),
          )
        }
        names.add(key.value)
      }
    },
  })
}

/** The plain value of a document. @throws ReferenceError when its aliases multiply without end */
export function plainValue(document: Document.Parsed): unknown {
  return document.toJS({ maxAliasCount: MOST_ALIASES })
}

/** What is wrong with a text, in the words of the parser, after the line: `3: Missing closing quote`. */
export function faultOf({ message, pos }: YAMLError, text: string): string {
  const [first = ''] = message.split('\n', 1)
  return `${lineAt(text, pos[0])}: ${first}`
}

/** The line, from 1, in which an offset is. */
export function lineAt(text: string, offset: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line += 1
  return line
}

/** The same for offsets that grow, so that a long text is read once and not once for each of them. */
export function growingLines(text: string): (offset: number) => number {
  let line = 1
  let start = 0
  return (offset) => {
    if (offset < start) return lineAt(text, offset)
    for (let at = text.indexOf('\n', start); at >= 0 && at < offset; at = text.indexOf('\n', start)) {
      line += 1
      start = at + 1
    }
    return line
  }
}

/** Where the line of an offset begins. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1
}

/** Where the line of an offset ends: at its line break, or at the end of the text. */
export function lineEnd(text: string, offset: number): number {
  const at = text.indexOf('\n', offset)
  if (at < 0) return text.length
  return text[at - 1] === '\r' && at > offset ? at - 1 : at
}

/** How many characters stand before an offset in its line. */
export function columnOf(text: string, offset: number): number {
  const start = lineStart(text, offset)
  return offset - (text[start] === '\uFEFF' ? start + 1 : start)
}

/** The line break that the text uses around an offset: a file may mix them. */
export function lineBreakAt(text: string, offset: number): '\n' | '\r\n' {
  const before = text.lastIndexOf('\n', offset - 1)
  const at = before >= 0 ? before : text.indexOf('\n')
  return at > 0 && text[at - 1] === '\r' ? '\r\n' : '\n'
}
