import { checkImages } from '../../src/lib/engine/check.ts'
import type { CheckedImage } from '../../src/lib/engine/checked-image.ts'
import { manageImages } from '../../src/lib/engine/managed-image.ts'
import { readAnnotationRules } from '../../src/lib/rules/annotations.ts'
import { FakeRegistry, type FakeTag } from '../engine/fake-registry.ts'
import { type ApplicationText, applicationOf, contextOf } from '../engine/world.ts'

/** The rows that `check` would show of these Applications. */
export async function checkedRows(
  repositories: Readonly<Record<string, Record<string, FakeTag>>>,
  ...applications: ApplicationText[]
): Promise<CheckedImage[]> {
  const managed = manageImages(applications.map(applicationOf), readAnnotationRules)
  const checked = await checkImages(contextOf(new FakeRegistry(repositories)), managed.images)
  return [...checked, ...managed.faulty]
}
