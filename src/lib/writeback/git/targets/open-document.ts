import { type Document, isMap, isScalar } from 'yaml'
import { faultOf, parseDocuments, plainValue } from '../../../manifests/document-text.ts'
import { LARGEST_FILE } from '../../../manifests/manifest-file.ts'
import { TargetError } from './target-error.ts'

/** A parsed document and what it says. */
export interface OpenDocument {
  readonly document: Document.Parsed
  readonly value: unknown
}

/**
 * Every document of a file.
 *
 * @throws TargetError when the text is no YAML that can be trusted to be read alike by everyone: errors, keys
 * that are there twice, tabs as indentation, aliases that multiply without end, too deep or too big.
 */
export function openDocuments(text: string, file: string): readonly OpenDocument[] {
  if (text.length > LARGEST_FILE) throw unreadable(file, 'it is too big to be edited', 'Split it')
  if (text.includes('\0')) throw unreadable(file, 'it is no text', 'Name another file')
  const documents = parsed(file, () => parseDocuments(text))
  for (const { errors } of documents) {
    const [line, ...fault] = errors[0] ? faultOf(errors[0], text).split(': ') : []
    if (line) throw unreadable(file, inWords(fault.join(': ')), 'Correct the YAML', `line ${line}`)
  }
  return documents.map((document) => {
    const value = parsed(file, () => plainValue(document))
    if (containsItself(value))
      throw unreadable(file, 'an alias stands inside its own anchor', 'Write the values out')
    return { document, value }
  })
}

/** Whatever the parser throws is about the text: too many aliases, one without anchor, a merge of what is no map. */
function parsed<Result>(file: string, parse: () => Result): Result {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof Error)) throw error
    throw unreadable(file, inWords(error.message), 'Write the values out, and more simply')
  }
}

function inWords(fault: string): string {
  return /call stack/.test(fault) ? 'it is nested too deeply' : fault
}

/** Whether a value holds itself, as YAML lets an alias inside its anchor. Each map and list is looked at once. */
function containsItself(value: unknown, above = new Set<unknown>(), done = new Set<unknown>()): boolean {
  if (typeof value !== 'object' || value === null || done.has(value)) return false
  if (above.has(value)) return true
  above.add(value)
  const found = Object.values(value).some((member) => containsItself(member, above, done))
  above.delete(value)
  done.add(value)
  return found
}

/**
 * The only document of a file; undefined when there is none, or only comments.
 *
 * @throws TargetError also when there are several
 */
export function openDocument(text: string, file: string): OpenDocument | undefined {
  const [first, ...others] = openDocuments(text, file)
  if (others.length > 0) {
    throw unreadable(file, `it holds ${others.length + 1} YAML documents`, 'Keep one, without ---')
  }
  const contents = first?.document.contents
  const isEmpty = !contents || (isScalar(contents) && contents.source === '')
  return isEmpty ? undefined : first
}

/** As {@link openDocument}. @throws TargetError also when the document is no map */
export function openMap(text: string, file: string): OpenDocument | undefined {
  const open = openDocument(text, file)
  if (open === undefined || isMap(open.document.contents)) return open
  throw new TargetError({
    code: 'root-not-a-mapping',
    file,
    why: 'it does not hold keys with values',
    instead: 'Name another file, or correct this one',
  })
}

function unreadable(file: string, why: string, instead: string, place = ''): TargetError {
  return new TargetError({ code: 'unreadable', file, place, why, instead })
}
