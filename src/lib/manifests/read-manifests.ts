import type { KubernetesObject } from '../application/kubernetes-object.ts'
import { faultOf, growingLines, parseDocuments, plainValue } from './document-text.ts'
import { type FoundFile, findFiles } from './find-files.ts'
import { extentOf } from './locate.ts'
import { ManifestError } from './manifest-error.ts'
import { LARGEST_FILE, readBytes, textOfBytes, tooBig } from './manifest-file.ts'

/** A file that holds objects of ours, or standard input. */
export interface ManifestFile {
  /** As the person would name it; `-` for standard input. */
  readonly name: string
  /** Where it is on the disk; undefined for standard input. */
  readonly found: FoundFile | undefined
  /** Its text, cut into YAML documents: joined they are the file. Edits replace one. */
  readonly documents: string[]
}

/** An object in a file. */
export interface Manifest {
  readonly object: KubernetesObject
  readonly file: ManifestFile
  /** Which document of the file, from 0. */
  readonly document: number
  /** JSON Pointer to the object in its document: '' where it is the document, `/items/3` in a List. */
  readonly pointer: string
  /** The line of the file, from 1, in which it begins. */
  readonly line: number
}

/** The objects of ours that the files hold, and the files of folders that cannot be read. */
export interface Manifests {
  readonly applications: readonly Manifest[]
  readonly imageUpdaters: readonly Manifest[]
  readonly problems: readonly ManifestError[]
  /** What came from standard input; undefined when `-` was not named. */
  readonly standardInput: string | undefined
}

export interface ManifestSources {
  /** Files, folders, `-` for standard input. */
  readonly names: readonly string[]
  readonly recursive: boolean
  readonly standardInput: () => AsyncIterable<Uint8Array>
}

const GROUP_SUFFIX = 'argoproj.io'
const KINDS = [
  { apiVersion: /^argoproj\.io\//, kind: 'Application', list: 'applications' },
  { apiVersion: /^argocd-image-updater\.argoproj\.io\//, kind: 'ImageUpdater', list: 'imageUpdaters' },
] as const

/**
 * Reads Applications and ImageUpdaters from manifests, also inside Lists; other objects are passed over. A file
 * that was named and cannot be read is an error, one of a folder is a problem: told, and the others go on.
 * A file that does not speak of Argo's API group (a chart's template, say) is not looked into at all.
 *
 * @throws ManifestError
 */
export async function readManifests({
  names,
  recursive,
  standardInput,
}: ManifestSources): Promise<Manifests> {
  const read = { applications: [] as Manifest[], imageUpdaters: [] as Manifest[] }
  const problems: ManifestError[] = []
  const collect = (text: string, name: string, found?: FoundFile) => {
    for (const { kind, ...manifest } of objectsOf(text, name, found)) read[kind].push(manifest)
  }
  const input = names.includes('-')
    ? textOfBytes(await readAll(standardInput()), 'standard input')
    : undefined
  if (input !== undefined) collect(input, '-')
  for (const found of await findFiles(names, recursive)) {
    try {
      collect(textOfBytes(await readBytes(found.path, found.name), found.name), found.name, found)
    } catch (error) {
      if (!(error instanceof ManifestError) || found.named) throw error
      problems.push(error)
    }
  }
  return { ...read, problems, standardInput: input }
}

/** The objects of ours in a file as its text is now, after edits. */
export function readAgain(file: ManifestFile): readonly Manifest[] {
  const now = objectsOf(file.documents.join(''), file.name, file.found)
  return now.map((manifest) => ({ ...manifest, file }))
}

async function readAll(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of stream) {
    chunks.push(chunk)
    size += chunk.length
    if (size > LARGEST_FILE) throw tooBig('standard input', size)
  }
  return Buffer.concat(chunks)
}

type OurManifest = Manifest & { readonly kind: (typeof KINDS)[number]['list'] }

function objectsOf(text: string, name: string, found: FoundFile | undefined): OurManifest[] {
  if (!text.includes(GROUP_SUFFIX)) return []
  if (name.endsWith('.json')) refuseOtherThanJson(text, name)
  const parsed = parseDocuments(text)
  const ends = parsed.map(({ range }) => range[2])
  const documents = ends.map((end, index) =>
    text.slice(ends[index - 1] ?? 0, index === ends.length - 1 ? undefined : end),
  )
  const file: ManifestFile = { documents, found, name }
  const lineAt = growingLines(text)
  return parsed.flatMap((document, index) => {
    const [fault] = document.errors
    if (fault) {
      if (!documents[index]?.includes(GROUP_SUFFIX)) return []
      throw new ManifestError(`${name}:${faultOf(fault, text)}`, 'Correct the YAML')
    }
    let value: unknown
    try {
      value = plainValue(document)
    } catch (cause) {
      throw new ManifestError(`${name}: ${(cause as Error).message}`, 'Write the values out', { cause })
    }
    return ourObjects(value).map(({ kind, object, pointer }) => {
      const node = pointer === '' ? document.contents : document.getIn(pointer.split('/').slice(1), true)
      const [start] = node ? extentOf(node as Parameters<typeof extentOf>[0]) : [0]
      return { document: index, file, kind, line: lineAt(start), object, pointer }
    })
  })
}

/** YAML reads more than JSON is; an editor or a pipeline that expects JSON would not. */
function refuseOtherThanJson(text: string, name: string): void {
  try {
    JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (cause) {
    throw new ManifestError(
      `${name} is not JSON: ${(cause as Error).message}`,
      'Correct it, without comments',
      {
        cause,
      },
    )
  }
}

interface OurObject {
  readonly kind: (typeof KINDS)[number]['list']
  readonly object: KubernetesObject
  readonly pointer: string
}

/** The objects of ours that a document is or lists. */
function ourObjects(value: unknown, pointer = ''): OurObject[] {
  if (!isRecord(value)) return []
  const { apiVersion = '', items, kind = '' } = value
  const list = String(kind)
  if (list.endsWith('List') && Array.isArray(items)) {
    // The items of an ApplicationList need not say what they are.
    const type = list === 'List' ? {} : { apiVersion, kind: list.slice(0, -'List'.length) }
    return items.flatMap((item, index) =>
      ourObjects(isRecord(item) ? { ...type, ...item } : item, `${pointer}/items/${index}`),
    )
  }
  const ours = KINDS.find((known) => known.kind === kind && known.apiVersion.test(String(apiVersion)))
  if (!ours) return []
  const object = { metadata: {}, ...value } as unknown as KubernetesObject
  return [{ kind: ours.list, object, pointer }]
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
