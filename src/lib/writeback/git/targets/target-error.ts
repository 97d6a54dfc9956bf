import { UserError } from '../../../errors.ts'

/** What kind of thing is wrong, stable for scripts and tests. */
export type TargetErrorCode =
  | 'bad-target'
  | 'bad-application-name'
  | 'kustomization-file-as-raw-target'
  | 'path-refused'
  | 'unsupported-source'
  | 'file-missing'
  | 'unreadable'
  | 'root-not-a-mapping'
  | 'key-not-found'
  | 'literal-key-not-scalar'
  | 'unexpected-node-type'
  | 'index-missing'
  | 'index-not-an-integer'
  | 'index-out-of-range'
  | 'bad-key'
  | 'conflicting-images'
  | 'image-not-found'
  | 'edit-refused'

export interface TargetFault {
  readonly code: TargetErrorCode
  /** From the root of the repository; '' where no file is known yet. */
  readonly file?: string
  /** Where in the file: `image.tag`, `line 3`. */
  readonly place?: string
  readonly why: string
  readonly instead?: string
}

/** An image cannot be written into a repository: says the file, the place in it, why, and what instead. */
export class TargetError extends UserError {
  readonly code: TargetErrorCode
  readonly file: string
  readonly place: string

  constructor({ code, file = '', place = '', why, instead = '' }: TargetFault, options?: ErrorOptions) {
    super([file, place, why].filter((part) => part !== '').join(': '), instead, options)
    this.code = code
    this.file = file
    this.place = place
  }
}
