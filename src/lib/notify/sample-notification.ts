import type { Notification, NotificationEvent } from './notification.ts'

/** A notification about nothing that exists, to try a destination or a template with. */
export function sampleNotification(event: NotificationEvent, at: Date): Notification {
  return {
    event,
    at,
    context: 'example',
    namespace: 'argocd',
    application: 'example',
    image: 'web',
    repository: 'registry.example/shop/web',
    from: '1.4.2',
    to: '1.5.0',
    digest: `sha256:${'0'.repeat(64)}`,
    reason: 'this is a test of --notify, nothing was changed',
    action: 'test of --notify, nothing was changed',
    by: 'test',
  }
}
