import { amount } from '../amount.ts'
import type { Application } from '../application/application.ts'
import type { KubernetesObject } from '../application/kubernetes-object.ts'
import { applicationFault } from '../cluster/application-shape.ts'
import type { ApplicationSelection } from '../cluster/applications.ts'
import type { DryRun } from '../cluster/client.ts'
import type { ReadProblem, ReadResult } from '../cluster/read-result.ts'
import { UserError } from '../errors.ts'
import { type EditedText, editScalars } from '../manifests/edit-scalars.ts'
import { FieldLines, type SoughtField } from '../manifests/field-lines.ts'
import { isInside } from '../manifests/find-files.ts'
import { fieldSelector, labelSelector } from '../manifests/label-selector.ts'
import { EditRefusedError, ManifestError } from '../manifests/manifest-error.ts'
import { replaceFile } from '../manifests/manifest-file.ts'
import { patchedValue } from '../manifests/patched-value.ts'
import {
  type Manifest,
  type ManifestFile,
  type ManifestSources,
  type Manifests,
  readAgain,
} from '../manifests/read-manifests.ts'
import type { Outcome } from '../writeback/apply.ts'
import type { ObjectWrite } from '../writeback/write.ts'
import type { ApplicationStore, FilePlace, WrittenText } from './application-store.ts'
import { shellWord } from './shell-word.ts'

/** What of a status says how a source is rendered; the rest of it was true in a cluster once. */
const RENDERING = ['sourceType', 'sourceTypes']

/** The Applications of manifests on disk. What runs is not known here: the spec has the only word. */
export class FileApplications implements ApplicationStore {
  readonly target: ApplicationStore['target']
  readonly elsewhere = ' into these files'
  readonly warnings: ReadonlySet<string> = new Set()
  readonly description: string
  readonly flags: string
  readonly severalNamespaces: boolean
  /** Where each Application is that was ever read: also those that were edited since. */
  readonly #manifests: Map<Application, Manifest>
  /** The Applications as the files are now, in their order. */
  #applications: readonly Application[]
  /** The files that were edited since the Applications were read. */
  readonly #edited = new Set<ManifestFile>()
  readonly #problems: readonly ReadProblem[]
  readonly #imageUpdaters: readonly Manifest[]
  readonly #input: string | undefined
  readonly #lines = new FieldLines()

  /**
   * @param names what `-f` named, for messages
   * @param recursive whether the folders below the named ones were read too
   * @param namespace `-n`: only its Applications and those that name none; '' for all
   */
  constructor(
    manifests: Manifests,
    { names, recursive }: Pick<ManifestSources, 'names' | 'recursive'>,
    namespace: string,
  ) {
    const applications = new Map<Application, Manifest>()
    const problems = manifests.problems.map(({ message, remedy }) => problemOf('', message, remedy))
    for (const manifest of manifests.applications) {
      const fault = applicationFault(manifest.object)
      if (fault === undefined) {
        const application = withoutLiveStatus(manifest.object as Application)
        const own = application.metadata.namespace ?? namespace
        if (namespace === '' || own === namespace) applications.set(application, manifest)
      } else {
        const problem = `${placeOf(manifest)}: the Application cannot be read: ${fault}`
        problems.push(problemOf('', problem, 'Correct the manifest'))
      }
    }
    const files = new Set([...applications.values()].map(({ file }) => file)).size
    const count = `${amount(files, 'file')} with Applications`
    this.description = `Files ${names.join(', ')} · ${count} · running is what the spec declares`
    this.flags = (recursive ? ' -R' : '') + names.map((name) => ` -f ${shellWord(name)}`).join('')
    this.severalNamespaces =
      new Set([...applications.keys()].map(({ metadata }) => metadata.namespace ?? '')).size > 1
    this.target = { context: '', namespace }
    this.#manifests = applications
    this.#applications = [...applications.keys()]
    this.#imageUpdaters = manifests.imageUpdaters.filter((manifest) => {
      const { metadata } = manifest.object
      if (typeof metadata?.name === 'string') return true
      const problem = `${placeOf(manifest)}: the ImageUpdater cannot be read: metadata.name is missing`
      problems.push(problemOf('', problem, 'Correct the manifest'))
      return false
    })
    this.#problems = problems
    this.#input = manifests.standardInput
  }

  get editedInput(): string | undefined {
    if (this.#input === undefined) return undefined
    const edited = [...this.#manifests.values()].find(({ file }) => file.found === undefined)
    return edited?.file.documents.join('') ?? this.#input
  }

  async list({ names = [], selector, fieldSelector: fields }: ApplicationSelection) {
    this.#readEdited()
    const hasLabels = labelSelector(selector ?? '')
    const hasFields = fieldSelector(fields ?? '')
    const selected = this.#applications.filter(({ metadata }) => {
      const { labels = {}, name, namespace = '' } = metadata
      return hasLabels(labels) && hasFields({ 'metadata.name': name, 'metadata.namespace': namespace })
    })
    const missing = names.filter((name) => !selected.some((application) => isNamed(application, name)))
    const result: ReadResult<Application> = {
      objects: selected.filter((one) => names.length === 0 || names.some((name) => isNamed(one, name))),
      problems: [...this.#problems, ...missing.map(notFound)],
    }
    return result
  }

  async imageUpdaters(): Promise<ReadResult> {
    return { objects: this.#imageUpdaters.map(({ object }) => object), problems: [] }
  }

  async find(name: string | undefined): Promise<Application | undefined> {
    const all = this.#applications
    const found = name === undefined ? all : all.filter((application) => isNamed(application, name))
    const [first, second] = found
    if (first && second && name !== undefined) {
      const places = found.map((one) => placeOf(this.#manifestOf(one))).join(', ')
      throw new ManifestError(
        `${found.length} Applications are called "${name}": ${places}`,
        'Name one file with -f',
      )
    }
    if (!first && name !== undefined) {
      const { problem, remedy } = notFound(name)
      throw new ManifestError(problem, remedy)
    }
    return second ? undefined : first
  }

  async again(application: Application): Promise<Application> {
    return application
  }

  whereIs(application: Application): string {
    return `in ${placeOf(this.#manifestOf(application))}`
  }

  fileOf(application: Application, fields: readonly SoughtField[] = []): FilePlace {
    const manifest = this.#manifestOf(application)
    return { file: manifest.file.name, line: this.#lines.lineOf(manifest, fields) }
  }

  fileOfImageUpdater(object: string, fields: readonly SoughtField[] = []): FilePlace | undefined {
    const named = this.#imageUpdaters.find(({ object: { metadata } }) =>
      [metadata.name, `${metadata.namespace ?? ''}/${metadata.name}`].includes(object),
    )
    return named && { file: named.file.name, line: this.#lines.lineOf(named, fields) }
  }

  textOf(write: ObjectWrite): WrittenText {
    const manifest = this.#manifestOf(write.read as Application)
    const { changes } = editOf(manifest, write)
    const offset = linesBefore(manifest)
    return {
      changes: changes.map((change) => ({ ...change, line: change.line + offset })),
      file: manifest.file.name,
    }
  }

  obstacleTo(write: ObjectWrite): string {
    const manifest = this.#manifests.get(write.read as Application)
    if (!manifest) return ''
    try {
      refuseOutside(manifest.file)
      editOf(manifest, write)
      return ''
    } catch (error) {
      if (error instanceof UserError) return error.message
      throw error
    }
  }

  async write(write: ObjectWrite, { dryRun }: { readonly dryRun: DryRun }): Promise<Outcome> {
    const manifest = this.#manifestOf(write.read as Application)
    const { text } = editOf(manifest, write)
    if (dryRun !== 'none') return { status: 'dry-run' }
    const { document, file } = manifest
    refuseOutside(file)
    const documents = file.documents.with(document, text)
    if (file.found) {
      await replaceFile(file.found.path, file.name, file.documents.join(''), documents.join(''))
    }
    file.documents[document] = text
    this.#edited.add(file)
    return { object: patchedValue(write.read, write.operations) as KubernetesObject, status: 'applied' }
  }

  async close(): Promise<void> {}

  /** An edit changes the Application, and perhaps the lines in which those below it begin. */
  #readEdited(): void {
    const now = [...this.#edited].flatMap(readAgain)
    this.#edited.clear()
    this.#applications = this.#applications.map((before) => {
      const { document, file, pointer } = this.#manifestOf(before)
      const manifest = now.find(
        (one) => one.file === file && one.document === document && one.pointer === pointer,
      )
      if (!manifest) return before
      const application = withoutLiveStatus(manifest.object as Application)
      this.#manifests.set(application, manifest)
      return application
    })
  }

  #manifestOf(application: Application): Manifest {
    const manifest = this.#manifests.get(application)
    if (!manifest) throw new Error(`${application.metadata.name} was not read from these files`)
    return manifest
  }
}

function withoutLiveStatus(object: Application): Application {
  const { status, ...declared } = object
  const kept = Object.entries(status ?? {}).filter(([field]) => RENDERING.includes(field))
  return kept.length === 0 ? declared : { ...declared, status: Object.fromEntries(kept) }
}

/** @throws ManifestError with file and line, where the manifest cannot be changed safely */
function editOf(manifest: Manifest, { operations }: ObjectWrite): EditedText {
  try {
    return editScalars(manifest.file.documents[manifest.document] ?? '', operations, manifest.pointer)
  } catch (error) {
    if (!(error instanceof EditRefusedError)) throw error
    const line = error.line + linesBefore(manifest)
    throw new ManifestError(`${manifest.file.name}:${line}: ${error.message}`, error.remedy)
  }
}

/** A link may lead anywhere; only what is below the folder that was named is written. */
function refuseOutside({ found, name }: ManifestFile): void {
  if (!found || isInside(found.root, found.path)) return
  throw new ManifestError(
    `${name} is a link to ${found.path}: nothing is written there`,
    'Name that file with -f',
  )
}

function linesBefore({ document, file }: Manifest): number {
  return file.documents.slice(0, document).join('').split('\n').length - 1
}

function placeOf({ file, line }: Manifest): string {
  return `${file.name}:${line}`
}

/** `shop`, or `argocd/shop`; an Application that names no namespace may be in any. */
function isNamed({ metadata }: Application, name: string): boolean {
  const slash = name.indexOf('/')
  if (slash < 0) return metadata.name === name
  const namespace = metadata.namespace ?? name.slice(0, slash)
  return `${namespace}/${metadata.name}` === name
}

function notFound(name: string): ReadProblem {
  return problemOf(
    name,
    `application "${name}" not found in the files`,
    'Check the name, the selectors and -f',
  )
}

function problemOf(name: string, problem: string, remedy: string): ReadProblem {
  return { kind: 'Application', name, namespace: '', problem, reason: 'NotFound', remedy }
}
