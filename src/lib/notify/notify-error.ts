import { UserError } from '../errors.ts'

/**
 * A flag that cannot be read or a destination that does not work. Its texts name destinations by kind and
 * host alone: the rest of a webhook's URL is a secret, and so no cause is kept, which might quote it.
 */
export class NotifyError extends UserError {}
