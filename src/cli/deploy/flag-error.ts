import { UserError } from '../../lib/errors.ts'

/** Flags from which no watch in a cluster can be made. */
export class DeployFlagError extends UserError {}
