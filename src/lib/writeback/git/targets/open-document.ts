import { type Document, isMap } from 'yaml'
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
  try {
    const documents = parseDocuments(text)
    for (const { errors } of documents) {
      const [line, ...fault] = errors[0] ? faultOf(errors[0], text).split(': ') : []
      if (line) throw unreadable(file, fault.join(': '), 'Correct the YAML', `line ${line}`)
    }
    return documents.map((document) => ({ document, value: plainValue(document) }))
  } catch (error) {
    if (error instanceof TargetError) throw error
    // The parser's words for too many aliases, and for an alias without anchor.
    if (error instanceof ReferenceError) {
      throw unreadable(file, error.message, 'Write the values out')
    }
    if (error instanceof RangeError || error instanceof TypeError) {
      throw unreadable(file, 'it is nested too deeply or merges what is no map', 'Write it more simply')
    }
    throw error
  }
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
  return first?.document.contents ? first : undefined
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
