import { UserError } from '../../../src/lib/errors.ts'

/** A real component that the tests need is not on this machine and could not be got. Never a reason to skip. */
export class MissingComponentError extends UserError {}
