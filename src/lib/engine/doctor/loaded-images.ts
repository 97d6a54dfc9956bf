import type { ApplicationProblem } from '../load.ts'
import type { ManagedImages } from '../managed-image.ts'

/** The selected Applications with their rules, and what kept others from being read. */
export type LoadedImages = ManagedImages & { readonly problems: readonly ApplicationProblem[] }
