import type { FieldChange } from '../../../application/field-change.ts'

/** The files of a repository at one commit. Paths are relative to its root, with `/`. */
export interface TargetFiles {
  /** The text of a file, a byte order mark included; undefined when there is none. */
  read(path: string): Promise<string | undefined>
  /** Every file in a folder and the folders below it; none when there is no such folder. `.` is the root. */
  list(folder: string): Promise<string[]>
}

/** A file as it is and as it is to be. */
export interface FileEdit {
  readonly path: string
  /** undefined: the file is new. */
  readonly before: string | undefined
  readonly after: string
  /** Every value that differs, also those that change along because they share an anchor. */
  readonly fields: readonly FieldChange[]
}
