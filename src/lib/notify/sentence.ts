import { printable } from '../terminal/escape.ts'
import type { NotificationFields } from './notification-fields.ts'

/** One line for people about one notification, raw: `shop/web 1.4.2 → 1.5.0 applied: set kustomize image (…)`. */
export function sentence(fields: NotificationFields): string {
  const { context, namespace, by } = fields
  const where = [
    context && `context ${context}`,
    namespace && `namespace ${namespace}`,
    by && `by ${by}`,
  ].filter((part) => part !== '')
  const subject = `${fields.application}/${fields.image} ${step(fields)}`
  return `${subject} ${happening(fields)}${where.length > 0 ? ` (${where.join(', ')})` : ''}`
}

/** Text from outside on one line that shows what it holds and hides nothing. */
export function plainLine(text: string): string {
  return printable(text.replace(/\s+/g, ' ').trim())
}

function happening({ event, reason, action }: NotificationFields): string {
  const because = reason && `: ${reason}`
  switch (event) {
    case 'available':
      return `is available${because}`
    case 'applied':
      return `applied${(action || reason) && `: ${action || reason}`}`
    case 'failed':
      return `failed${because}`
    case 'held':
      return `is held${because}`
    case 'degraded':
      return `applied, and the Application is degraded${because}`
  }
}

/** `1.4.2 → 1.5.0`; a tag that moved in place is told by its digests. */
function step({ from, to, digest }: NotificationFields): string {
  const moved = digest !== '' && from.split('@')[0] === to
  const target = shortDigests(moved ? `${to}@${digest}` : to)
  return from === '' ? target : `${shortDigests(from)} → ${target}`
}

/** Digests by their first 12 digits, which is what people compare. */
function shortDigests(text: string): string {
  return text.replace(/@[a-z0-9]+:([0-9a-f]{12})[0-9a-f]*/g, '@$1')
}
