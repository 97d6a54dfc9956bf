import { UserError } from '../errors.ts'

/** A file or folder cannot be read as manifests, or not be written: names it, and says why. */
export class ManifestError extends UserError {}

/** A manifest holds a value in a way that cannot be changed without touching more than the value. */
export class EditRefusedError extends UserError {
  /** Of the document's text, from 1. */
  readonly line: number

  constructor(reason: string, line: number, remedy = 'Change it by hand') {
    super(reason, remedy)
    this.line = line
  }
}
