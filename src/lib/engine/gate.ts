import type { ApplicationOwner } from '../application/owners.ts'
import type { ImageReference } from '../image/reference.ts'
import type { Age } from '../policy/maturity.ts'
import type { Bump } from '../version/bump.ts'
import type { ArgoState } from './argo-state.ts'

/** Where a change of an image is written: the Application's spec, the workloads themselves, or a git repository. */
export type Place = 'spec' | 'workloads' | 'git'

/** Something newer that could be written, before anything that may stop it was asked. */
export interface Proposal {
  readonly reason: string
  readonly target: ImageReference
  readonly place: Place
  readonly bump: Bump
  /** The tag it takes the place of; absent where the tag stays, or none is there. */
  readonly from?: string
}

/** What a gate is about. */
export const GATE_NAMES = [
  'hold',
  'skip',
  'direction',
  'place',
  'write-back',
  'max-bump',
  'min-age',
  'update-window',
  'sync-window',
  'after',
  'argo-cd',
  'owner',
  'workloads',
  'file',
] as const
export type GateName = (typeof GATE_NAMES)[number]

/** Gates that a person in a hurry may pass by, each by its name: they wait for their time, or for a yes. */
export const PASSABLE_GATES = [
  'max-bump',
  'min-age',
  'update-window',
  'sync-window',
  'after',
  'argo-cd',
] as const satisfies readonly GateName[]

/** One question a proposal has to pass, and the answer. */
export interface Gate {
  readonly name: GateName
  /**
   * `warning` stops nothing, but what is written may not last. `ask` wants a person's own yes. `wait` opens
   * by itself. `stop` needs a change of something.
   */
  readonly verdict: 'ok' | 'warning' | 'ask' | 'wait' | 'stop'
  readonly reason: string
  /** When a gate that waits opens, as far as it is known. */
  readonly until?: Date
}

/** What is known of a commit before it is made. */
export interface GitDestination {
  /** `main of https://git.example.com/r (apps/shop/kustomization.yaml)`; '' where there is a problem. */
  readonly words: string
  /** '' where nothing is in the way. */
  readonly problem: string
  /** Whether what is committed goes before what the Application's spec says of the image, as an override file does. */
  readonly overridesSpec: boolean
}

/** What gates must know beside the rule and what runs. */
export interface GateFacts {
  readonly now: Date
  /** Who else writes the Application's spec. */
  readonly owners: readonly ApplicationOwner[]
  /** What Argo CD says of the Application; absent where it is in a file. */
  readonly argo?: ArgoState
  /** Of the winner, where the rule asks for an age. */
  readonly age?: Age
  /** Where it is committed, or why that cannot be; absent where nothing is committed. */
  readonly git?: GitDestination
  /** Gates that had to look elsewhere: time windows, other Applications. */
  readonly elsewhere: readonly Gate[]
  /** Gates that a person said to pass by this time. */
  readonly passed: ReadonlySet<GateName>
}
