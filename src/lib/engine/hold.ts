import type { Application } from '../application/application.ts'
import { rfc3339 } from '../moment.ts'
import {
  type ControlSubject,
  type HoldOrder,
  holdAnnotations,
  resumeAnnotations,
} from '../rules/control-annotations.ts'
import { annotationWrite } from '../writeback/annotation-write.ts'
import type { ObjectWrite } from '../writeback/write.ts'

/**
 * The write that holds images; undefined where they are held so already.
 *
 * @param subjects aliases, or '' for the Application as a whole
 */
export function holdWrite(
  application: Application,
  subjects: readonly ControlSubject[],
  order: HoldOrder,
  now: Date,
): ObjectWrite | undefined {
  const annotations = application.metadata.annotations ?? {}
  return titled(annotationWrite(application, holdAnnotations(annotations, subjects, order, now)), 'hold')
}

/** The write that releases images; undefined where nothing holds them. */
export function resumeWrite(
  application: Application,
  subjects: readonly ControlSubject[],
): ObjectWrite | undefined {
  const annotations = application.metadata.annotations ?? {}
  return titled(annotationWrite(application, resumeAnnotations(annotations, subjects)), 'resume')
}

function titled(write: ObjectWrite | undefined, summary: string): ObjectWrite | undefined {
  return write && { ...write, summary }
}

/** Who holds something and since when, as colleagues read it: `ann@laptop 2026-03-01T12:00:00Z`. */
export function holderText(operator: string, now: Date): string {
  return `${operator} ${rfc3339(now)}`
}
