import { formatImageReference, type ImageReference } from '../../image/reference.ts'
import type { UpdatableImage } from '../checked-image.ts'
import type { PlaceWishes } from './git-place.ts'
import type { CommitPreview, CommitResult, GitWriteBack } from './git-write-back.ts'

/** Git write-back as the engine knows it. Nothing of git is loaded or looked for before it is needed. */
export interface GitDoor {
  /** What the operator wants of the places of all images. */
  readonly wishes: PlaceWishes
  preview(images: readonly UpdatableImage[]): Promise<CommitPreview>
  commit(images: readonly UpdatableImage[]): Promise<CommitResult>
  /** Why an image that still runs the old one needs no commit; '' where it does. */
  waitsForSync(key: string, target: ImageReference): string
  newCycle(): void
}

/** @param open makes it, once */
export function gitDoor(wishes: PlaceWishes, open: () => Promise<GitWriteBack>): GitDoor {
  let opening: Promise<GitWriteBack> | undefined
  let opened: GitWriteBack | undefined
  const git = async () => {
    opening ??= open()
    opened = await opening
    return opened
  }
  return {
    commit: async (images) => (await git()).commit(images),
    preview: async (images) => (await git()).preview(images),
    newCycle: () => opened?.newCycle(),
    waitsForSync: (key, target) => opened?.waitsForSync(key, formatImageReference(target)) ?? '',
    wishes,
  }
}
