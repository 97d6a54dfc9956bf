import type { NotificationFields } from './notification-fields.ts'
import { plainLine, sentence } from './sentence.ts'

/**
 * The document that a webhook and a command are given: kind Notification of the JSON Schema. Its fields are
 * the raw texts, `text` is the line for people.
 *
 * @param text instead of the ready-made line
 */
export function notificationDocument(
  fields: NotificationFields,
  text: string = plainLine(sentence(fields)),
): object {
  return { apiVersion: 'image-updater/v1', kind: 'Notification', ...fields, text }
}
