import type { Application } from '../application/application.ts'
import type { ApplicationSelection } from '../cluster/applications.ts'
import type { ClusterTarget } from '../cluster/client.ts'
import type { ReadResult } from '../cluster/read-result.ts'
import type { TextChange } from '../manifests/edit-scalars.ts'
import type { SoughtField } from '../manifests/field-lines.ts'
import type { ApplyOptions, Outcome } from '../writeback/apply.ts'
import type { ObjectWrite } from '../writeback/write.ts'

/** Where Applications are read from and written to: a cluster, or files. */
export interface ApplicationStore {
  /** Context and namespace; both '' for files. */
  readonly target: Pick<ClusterTarget, 'context' | 'namespace'>
  /** For the line above every answer: `Context prod-eu · namespace argocd`. */
  readonly description: string
  /** Flags by which a suggested command works on the same: ` -f apps/`; '' where those of the connection do. */
  readonly flags: string
  /** Whether its Applications may be in several namespaces, so that tables have to tell them apart. */
  readonly severalNamespaces: boolean
  /** Further places to look where no rule was found: ends a sentence; '' when there are none. */
  readonly elsewhere: string
  /** Standard input as it is after the writes, which belongs on standard output; undefined where none was read. */
  readonly editedInput: string | undefined
  /** What it was warned of while it answered; each text once. */
  readonly warnings: ReadonlySet<string>
  /** The Applications that were asked for, and what keeps others from being read. */
  list(selection: ApplicationSelection): Promise<ReadResult<Application>>
  /** The ImageUpdater resources of these namespaces, perhaps with others, and what keeps them from being read. */
  imageUpdaters(namespaces: readonly string[]): Promise<ReadResult>
  /** The Application called so; without a name the only one that can be meant, undefined when a person has to choose. */
  find(name: string | undefined): Promise<Application | undefined>
  /** An Application that was read before, as it is now. */
  again(application: Application): Promise<Application>
  /** Where an Application is, for questions: `in context prod-eu, namespace argocd`. */
  whereIs(application: Application): string
  /**
   * The file and the line, from 1, in which an Application begins, or has the first of these fields that it has;
   * undefined in a cluster.
   */
  fileOf(application: Application, fields?: readonly SoughtField[]): FilePlace | undefined
  /** Those of an ImageUpdater, called as origins of rules are: `argocd/rules`. */
  fileOfImageUpdater(object: string, fields?: readonly SoughtField[]): FilePlace | undefined
  /** What a write would do to the text of a file; undefined where there is no text. @throws UserError as `write` does */
  textOf(write: ObjectWrite): WrittenText | undefined
  /** Why this write cannot be done here, known beforehand; '' when nothing is in its way. */
  obstacleTo(write: ObjectWrite): string
  /** Writes an Application, if it still is what the decision was made on. @throws UserError when nothing was written */
  write(write: ObjectWrite, options: ApplyOptions): Promise<Outcome>
  close(): Promise<void>
}

export interface FilePlace {
  readonly file: string
  readonly line: number
}

/** The lines of a file that change; `line` counts in the file. */
export interface WrittenText {
  readonly file: string
  readonly changes: readonly TextChange[]
}
