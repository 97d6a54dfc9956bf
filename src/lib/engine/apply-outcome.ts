import type { KubernetesObject } from '../application/kubernetes-object.ts'
import type { UserError } from '../errors.ts'
import type { UpdatableImage } from './checked-image.ts'

/** What became of one update. */
export type ApplyOutcome =
  | {
      readonly state: 'applied'
      readonly image: UpdatableImage
      /** The objects that carry it, as the API server answered the writes; absent where none was written. */
      readonly objects?: readonly KubernetesObject[]
      /** Where it was committed; absent where it was not. */
      readonly commit?: CommittedUpdate
      /** Why the Application's record does not know of it, where it should. */
      readonly unrecorded?: UserError
    }
  /** Deciding again after somebody's edit found nothing left to do, or it was there already. */
  | { readonly state: 'unchanged'; readonly image: UpdatableImage; readonly reason: string }
  | { readonly state: 'failed'; readonly image: UpdatableImage; readonly error: UserError }

/** A commit that carries an update. */
export interface CommittedUpdate {
  /** Hexadecimal, in full. */
  readonly id: string
  readonly branch: string
  /** Whether Argo CD deploys that branch; otherwise somebody has to merge it first. */
  readonly deployed: boolean
  /** URL of the pull request that it is part of; '' where there is none. */
  readonly request: string
}
