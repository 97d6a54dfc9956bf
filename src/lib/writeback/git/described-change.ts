import type { ImageReference } from '../../image/reference.ts'

/** One image that changes, with what is known of it besides: enough for messages, and nothing that writes. */
export interface DescribedImage {
  readonly alias: string
  /** Absent where nothing says what ran before. */
  readonly before?: ImageReference
  readonly after: ImageReference
  /** Labels of the new image's config, as `labelsOf` reads them. */
  readonly labels?: Readonly<Record<string, string>>
  /** Those of the image before, for the link that compares both. */
  readonly labelsBefore?: Readonly<Record<string, string>>
  readonly pushedAt?: Date
  readonly builtAt?: Date
}

/** What one Application gets in a commit. */
export interface DescribedApplication {
  readonly namespace: string
  readonly application: string
  readonly images: readonly DescribedImage[]
}
