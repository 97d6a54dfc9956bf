import { UserError } from '../../errors.ts'

/** There is no usable credential for a repository. Says where and which field, never a value. */
export class GitCredentialError extends UserError {}
