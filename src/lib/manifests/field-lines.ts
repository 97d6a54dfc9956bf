import { type Document, isAlias, isMap, isScalar, isSeq, type Node } from 'yaml'
import { lineAt, parseDocuments } from './document-text.ts'
import { extentOf, pointerSteps } from './locate.ts'
import type { Manifest, ManifestFile } from './read-manifests.ts'

/** A field that somebody looks for in a manifest. */
export interface SoughtField {
  /** JSON Pointer from the object. */
  readonly pointer: string
  /** A word of its value, where that is of several lines and one of them is meant. */
  readonly word?: string
}

interface Reading {
  readonly text: string
  readonly document: Document.Parsed | undefined
}

/** Finds the lines of fields. It keeps what it has parsed, since a report asks for every image. */
export class FieldLines {
  readonly #readings = new Map<ManifestFile, Map<number, Reading>>()

  /**
   * The line of the file, from 1, of the first of the fields that a manifest has itself: that of its key, or in
   * which an item of a list begins. Where it has none of them the line in which the object begins.
   */
  lineOf(manifest: Manifest, fields: readonly SoughtField[]): number {
    if (fields.length === 0) return manifest.line
    const { document, text } = this.#read(manifest)
    const object = document && nodeAt(document, pointerSteps(manifest.pointer))?.value
    if (!document || !object) return manifest.line
    const [start] = extentOf(object)
    for (const { pointer, word } of fields) {
      const found = nodeAt(document, pointerSteps(manifest.pointer + pointer))
      if (!found) continue
      const offset = (word && wordIn(found.value, word, text)) || extentOf(found.name)[0]
      // Behind an alias it may stand above the object.
      if (offset >= start) return manifest.line + lineAt(text.slice(start), offset - start) - 1
    }
    return manifest.line
  }

  #read({ document, file }: Manifest): Reading {
    const ofFile = this.#readings.get(file) ?? new Map<number, Reading>()
    this.#readings.set(file, ofFile)
    const text = file.documents[document] ?? ''
    const known = ofFile.get(document)
    // An edit replaces the text.
    if (known?.text === text) return known
    const reading = { document: parseDocuments(text)[0], text }
    ofFile.set(document, reading)
    return reading
  }
}

interface Found {
  /** What a reader looks for: the key, or the item itself. */
  readonly name: Node
  readonly value: Node | null
}

function nodeAt(document: Document.Parsed, steps: readonly string[]): Found | undefined {
  let found: Found | undefined = document.contents
    ? { name: document.contents, value: document.contents }
    : undefined
  for (const step of steps) found = found && childOf(document, found.value, step)
  return found
}

function childOf(document: Document.Parsed, parent: Node | null, step: string): Found | undefined {
  const node = isAlias(parent) ? parent.resolve(document) : parent
  if (isSeq(node)) {
    const item = node.items[Number(step)] as Node | undefined
    return item && { name: item, value: item }
  }
  if (!isMap(node)) return undefined
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step)
  return pair && { name: pair.key as Node, value: pair.value as Node | null }
}

/** Where a word stands in the text of a value; undefined where it does not, or is only the end of another. */
function wordIn(value: Node | null, word: string, text: string): number | undefined {
  if (!isScalar(value)) return undefined
  const [start, end] = extentOf(value)
  for (let at = text.indexOf(word, start); at >= 0 && at < end; at = text.indexOf(word, at + 1))
    if (!/[\w./-]/.test(text[at - 1] ?? '')) return at
  return undefined
}
