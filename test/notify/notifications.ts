import type { Notification } from '../../src/lib/notify/notification.ts'
import { type NotificationFields, notificationFields } from '../../src/lib/notify/notification-fields.ts'

const APPLIED: Notification = {
  event: 'applied',
  at: new Date('2026-01-02T03:04:05Z'),
  context: 'prod',
  namespace: 'argocd',
  application: 'shop',
  image: 'web',
  repository: 'registry.example/shop/web',
  from: '1.4.2',
  to: '1.5.0',
  digest: '',
  reason: '',
  action: 'set kustomize image',
  by: 'jane',
}

/** An update of shop/web to 1.5.0 that was applied, but for what is given. */
export function notificationOf(change: Partial<Notification> = {}): Notification {
  return { ...APPLIED, ...change }
}

export function fieldsOf(change: Partial<Notification> = {}): NotificationFields {
  return notificationFields(notificationOf(change))
}

/** Text as somebody could write it who wants to do harm with it. */
export const HOSTILE =
  '<!channel> @here [pay](https://evil.example) \u001b[31m\u202e\r\nX-Injected: 1 "\'`$(id) {{ reason }} \u0000'
