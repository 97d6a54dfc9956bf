import type { Platform } from '../image/platform.ts'

/**
 * A tag a registry offers and what is known of it so far. Fields are absent until something asked for
 * them: registries are asked only what the policy needs, for the few tags that still can win.
 */
export interface Candidate {
  readonly tag: string
  /** `sha256:…` of the manifest or index the tag names. */
  readonly digest?: string
  /** When the registry itself says it was pushed. Trustworthy. */
  readonly pushedAt?: Date
  /** When the publisher says it was built. Anyone who can push can forge it. */
  readonly createdAt?: Date
  /** What it can run on; an index has several. */
  readonly platforms?: readonly Platform[]
}

/** Which rule dropped a tag; in the order in which the rules are asked. */
export const DROP_STAGES = [
  'artifact',
  'allow-tags',
  'image-tag-filter',
  'ignore-tags',
  'skip-tags',
  'tag-pattern',
  'version',
  'constraint',
  'pre-release',
  'platform',
  'date',
  'min-age',
] as const
export type DropStage = (typeof DROP_STAGES)[number]

/** A tag that a rule took out of the race. */
export interface Dropped {
  readonly tag: string
  readonly outcome: 'dropped'
  readonly stage: DropStage
  readonly reason: string
}

/** What became of one tag, and why, in words a person can read. */
export type Verdict =
  | { readonly tag: string; readonly outcome: 'winner'; readonly reason: string }
  | { readonly tag: string; readonly outcome: 'outranked'; readonly reason: string }
  | Dropped

/** The verdict that `stage` dropped `tag`. */
export function dropped(tag: string, stage: DropStage, reason: string): Dropped {
  return { tag, outcome: 'dropped', stage, reason }
}
