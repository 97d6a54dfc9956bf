import type { Notification } from './notification.ts'

/** The fields of a notification by the names that payloads, templates and commands know. */
export const FIELD_NAMES = [
  'event',
  'at',
  'context',
  'namespace',
  'application',
  'image',
  'repository',
  'from',
  'to',
  'digest',
  'reason',
  'action',
  'by',
  'link',
] as const

export type FieldName = (typeof FIELD_NAMES)[number]

/** A notification as texts, each within {@link LONGEST_FIELD}; still raw. */
export type NotificationFields = Readonly<Record<FieldName, string>> & Pick<Notification, 'event'>

/** Characters. A reason may quote what a registry or an API server wrote, which may be of any length. */
export const LONGEST_FIELD = 1000

/** The texts of a notification: `at` in RFC 3339, `link` only when it is an http or https URL. */
export function notificationFields(notification: Notification): NotificationFields {
  const { event, at, context, namespace, application, image, repository } = notification
  const { from, to, digest, reason, action, by, link = '' } = notification
  return {
    event,
    at: at.toISOString(),
    context: bounded(context),
    namespace: bounded(namespace),
    application: bounded(application),
    image: bounded(image),
    repository: bounded(repository),
    from: bounded(from),
    to: bounded(to),
    digest: bounded(digest),
    reason: bounded(reason),
    action: bounded(action),
    by: bounded(by),
    link: pageLink(link),
  }
}

function bounded(text: string): string {
  if (text.length <= LONGEST_FIELD) return text
  // By code points, so that no character is cut in two.
  const start = [...text.slice(0, LONGEST_FIELD)].slice(0, -1).join('')
  return `${start}…`
}

/** The URL as it may stand in a message: no script, no credential, and none of the characters of Slack's links. */
function pageLink(text: string): string {
  if (text.length > LONGEST_FIELD || !URL.canParse(text)) return ''
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return ''
  url.username = ''
  url.password = ''
  return url.href.replace(/[<>|]/g, encodeURIComponent)
}
