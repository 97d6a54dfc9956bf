import type { Verdict } from './candidate.ts'

/** Decides by the name alone whether a tag may be considered at all. */
export interface TagFilter {
  /** The drop verdict, or undefined when the tag may stay. */
  judge(tag: string): (Verdict & { outcome: 'dropped' }) | undefined
  /** The filter in a few words for people: `image-tag-filter ^production$`; '' when everything may stay. */
  readonly description: string
}
