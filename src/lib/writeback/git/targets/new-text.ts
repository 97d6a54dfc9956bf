import { isMap, isScalar } from 'yaml'
import { parseDocuments } from '../../../manifests/document-text.ts'
import { blockPair, flowText } from '../../../manifests/entry-text.ts'
import { extentOf } from '../../../manifests/locate.ts'

/** As argocd-image-updater and kustomize write their files: the dashes of a list stand below its key. */
const LAYOUT = { step: 2, dash: 0, json: false, unit: '' } as const
const PLAIN = { key: 'plain', value: 'plain' } as const

/** A map as a YAML text of its own. */
export function newText(value: Readonly<Record<string, unknown>>, lineBreak = '\n'): string {
  const lines = Object.entries(value).flatMap(([key, member]) => blockPair(key, member, 0, LAYOUT, PLAIN))
  return lines.map((line) => `${line}${lineBreak}`).join('')
}

/** Puts the first keys into a text that has none: nothing but comments, or `{}`. Undefined when it has some. */
export function textWithFirstKeys(
  text: string,
  value: Readonly<Record<string, unknown>>,
): string | undefined {
  const root = parseDocuments(text)[0]?.contents
  if (isMap(root)) {
    if (root.items.length > 0 || root.flow !== true || root.anchor || root.tag) return undefined
    const [start, end] = extentOf(root)
    return text.slice(0, start) + flowText(value, PLAIN) + text.slice(end)
  }
  if (root && !(isScalar(root) && root.source === '' && !root.anchor && !root.tag)) return undefined
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n'
  const gap = text === '' || text === '\uFEFF' || text.endsWith('\n') ? '' : lineBreak
  return text + gap + newText(value, lineBreak)
}
