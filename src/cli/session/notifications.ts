import type { CheckedImage, UpdatableImage } from '../../lib/engine/checked-image.ts'
import { currentReference } from '../../lib/engine/running-image.ts'
import type { WatchEvent } from '../../lib/engine/watch-event.ts'
import { repositoryName, tagWithDigest } from '../../lib/image/reference.ts'
import type { Notification, NotificationEvent } from '../../lib/notify/notification.ts'
import { actionText } from '../../lib/terminal/checked-images.ts'

/** Who is told of what: the context of an image, and who runs this program. */
export interface NotificationOrigin {
  readonly context: string
  readonly by: string
}

/**
 * What others are told of an event of a watch: images that became available, that were applied or could not be,
 * that are held although something is newer, and that are Degraded since.
 */
export function notificationsOf(
  event: WatchEvent,
  originOf: (image: CheckedImage) => NotificationOrigin,
): Notification[] {
  const about = (kind: NotificationEvent, image: CheckedImage, reason: string) =>
    notification(kind, event.at, image, originOf(image), reason)
  switch (event.type) {
    case 'cycle':
      return event.changed.flatMap((image) => {
        if (image.state === 'failed') return []
        const { decision } = image
        if (decision.kind === 'update')
          return [about('available', image, decision.approval ?? decision.reason)]
        return decision.kind === 'held' ? [about('held', image, decision.reason)] : []
      })
    case 'applied':
      return event.dryRun ? [] : [about('applied', event.image, event.image.decision.reason)]
    case 'apply-failed':
      return [about('failed', event.image, event.error.message)]
    case 'undone':
      return event.error
        ? event.images.map((image) => about('failed', image, event.error?.message ?? ''))
        : []
    case 'followed': {
      const { degradedBefore, message, state } = event.outcome
      const degraded = state === 'degraded' && !degradedBefore
      const kind = degraded ? 'degraded' : state === 'failed' ? 'failed' : undefined
      return kind ? event.images.map((image) => about(kind, image, message)) : []
    }
    default:
      return []
  }
}

function notification(
  event: NotificationEvent,
  at: Date,
  image: CheckedImage,
  { by, context }: NotificationOrigin,
  reason: string,
): Notification {
  const { name, namespace = '' } = image.application.metadata
  const decided = image.state === 'decided' ? image : undefined
  const current = decided && currentReference(decided.running)
  const target = decided && 'target' in decided.decision ? decided.decision.target : undefined
  return {
    action: decided?.decision.kind === 'update' ? actionText(image as UpdatableImage) : '',
    application: name,
    at,
    by,
    context,
    digest: target?.digest || decided?.scan.winner?.digest || '',
    event,
    from: current ? tagWithDigest(current) : '',
    image: image.alias,
    namespace,
    reason,
    repository: target ? repositoryName(target) : image.image,
    to: target?.tag ?? '',
  }
}
