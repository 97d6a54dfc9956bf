import { isMap, isScalar, isSeq, type Node, type Scalar } from 'yaml'
import { readImageText } from '../../../application/image-text.ts'
import {
  canonicalRepository,
  formatImageReference,
  repositoryName,
  sameRepository,
  withTag,
} from '../../../image/reference.ts'
import type { GitImageChange } from '../image-change.ts'
import { type ImageField, imageFields } from './image-fields.ts'
import { onePerPlace } from './one-per-place.ts'
import { type OpenDocument, openDocuments } from './open-document.ts'
import { TargetError } from './target-error.ts'
import { replaceScalars, resolved, type ScalarEdit } from './text-edit.ts'

export interface EditedManifest {
  readonly text: string
  /** The images that the file names, changed or not. */
  readonly found: ReadonlySet<GitImageChange>
}

/** Argo CD passes over a file that says so. */
const SKIPPED = '+argocd:skip-file-rendering'

/**
 * A file of manifests with the images in it. An image is changed where its repository is that of the rule, and
 * keeps the spelling it has there. A file that does not speak of any is not looked into, so that a template
 * beside the manifests does no harm.
 *
 * @throws TargetError
 */
export function editManifest(text: string, changes: readonly GitImageChange[], file: string): EditedManifest {
  const found = new Set<GitImageChange>()
  if (text.includes(SKIPPED) || !changes.some((change) => mentions(text, change))) return { text, found }
  const documents = openDocuments(text, file)
  const edits = documents.flatMap((open) =>
    imageFields(open.value).flatMap((field): ScalarEdit[] => {
      const written = readImageText(field.text)
      const meant = changes.filter(({ after }) => written && sameRepository(written, after))
      for (const change of meant) found.add(change)
      const [change] = meant
      if (!written || !change) return []
      const value = formatImageReference(withTag(written, change.after.tag, change.after.digest))
      if (sameText(field.text, value)) return []
      return [{ node: nodeOf(open, field, file), place: field.place, value }]
    }),
  )
  // Several fields may share one scalar through its anchor.
  const once = onePerPlace(
    edits.map(({ node, place, value }) => ({ place: node, name: place, value, alias: '' })),
    file,
  ).map(({ place, name = '', value }) => ({ node: place, place: name, value }))
  return { text: once.length === 0 ? text : replaceScalars(text, documents, once, file), found }
}

/** @throws TargetError when two rules want different tags of one repository: nothing tells their fields apart */
export function refuseSameImages(changes: readonly GitImageChange[], file: string): void {
  onePerPlace(
    changes.map(({ alias, after }) => ({
      place: canonicalRepository(after),
      value: formatImageReference(withTag(after, after.tag, after.digest)).replace(repositoryName(after), ''),
      alias,
    })),
    file,
  )
}

function mentions(text: string, { after }: GitImageChange): boolean {
  return text.includes(after.repository.slice(after.repository.lastIndexOf('/') + 1))
}

/** `index.docker.io/org/app:1` reads as `org/app:1`: no reason to write it. */
function sameText(before: string, after: string): boolean {
  const image = readImageText(before)
  return before === after || (image !== undefined && formatImageReference(image) === after)
}

function nodeOf(open: OpenDocument, { steps, place }: ImageField, file: string): Scalar & Node {
  let node: unknown = open.document.contents
  for (const step of steps) {
    const current = resolved(node, open)
    if (isSeq(current)) node = current.items[Number(step)]
    else if (isMap(current))
      node = current.items.find(({ key }) => isScalar(key) && String(key.value) === step)?.value
    else node = undefined
  }
  const leaf = resolved(node, open)
  if (isScalar(leaf)) return leaf as Scalar & Node
  throw new TargetError({
    code: 'edit-refused',
    file,
    place,
    why: 'it comes from a merge key (<<)',
    instead: 'Write the image out where it belongs',
  })
}
