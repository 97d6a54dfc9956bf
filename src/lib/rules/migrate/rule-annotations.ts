import { ANNOTATION_PREFIX, isControl } from '../annotation-keys.ts'
import type { RuledApplication } from '../image-updater/application-rules.ts'
import type { Annotations } from '../written-settings.ts'

/**
 * Annotations of the updater that rules are made of, by full name. Those that protect images (`hold` and its
 * like) are none of them: they count beside a resource too, so a migration never touches them.
 */
export function ruleAnnotations(annotations: Annotations = {}): string[] {
  return Object.keys(annotations).filter(
    (name) => name.startsWith(ANNOTATION_PREFIX) && !protects(name.slice(ANNOTATION_PREFIX.length)),
  )
}

/** The Application without the annotations that would keep its images from being read. */
export function unprotected(application: RuledApplication): RuledApplication {
  const { annotations = {} } = application.metadata
  const kept = Object.entries(annotations).filter(
    ([name]) => !name.startsWith(ANNOTATION_PREFIX) || !protects(name.slice(ANNOTATION_PREFIX.length)),
  )
  return { ...application, metadata: { ...application.metadata, annotations: Object.fromEntries(kept) } }
}

/** The Application as if nobody had annotated it with rules: what it has from resources alone. */
export function unannotated(application: RuledApplication): RuledApplication {
  const kept = Object.entries(application.metadata.annotations ?? {}).filter(
    ([name]) => !name.startsWith(ANNOTATION_PREFIX),
  )
  return { ...application, metadata: { ...application.metadata, annotations: Object.fromEntries(kept) } }
}

/** Alone, or after an alias, which may hold dots itself. */
function protects(key: string): boolean {
  return isControl(key.slice(key.lastIndexOf('.') + 1))
}
