import type { NotificationFields } from './notification-fields.ts'
import { plainLine, sentence } from './sentence.ts'

/** Slack's own limit of a section's text, in characters. */
const LONGEST_SECTION = 3000
const ZERO_WIDTH_SPACE = '\u200b'

/**
 * Text from outside as part of a Slack message: one line in which nothing mentions anybody, links anywhere
 * or ends what stands around it. Slack reads `&`, `<` and `>` (its documentation: escaping text); Mattermost
 * and Discord also read `@here`, Markdown links and bare addresses, which a zero-width space takes apart.
 */
export function slackText(text: string): string {
  return plainLine(text)
    .replace(/@(?!sha(?:256|512):)(?=[\p{L}\p{N}_])/gu, `@${ZERO_WIDTH_SPACE}`)
    .replace(/\](?=[([:])/g, `]${ZERO_WIDTH_SPACE}`)
    .replace(/:\/\//g, `:${ZERO_WIDTH_SPACE}//`)
    .replace(/\bwww\./gi, `$&${ZERO_WIDTH_SPACE}`)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
}

/** The message about some notifications of one event: blocks for Slack, the same as `text` for all others. */
export function slackMessage(batch: readonly NotificationFields[]): object {
  const lines = batch.map((fields) => {
    const line = cut(slackText(sentence(fields)))
    return fields.link === '' ? line : `${line} ${link(fields)}`
  })
  const blocks = batch.flatMap((fields) => [
    // plain_text shows no formatting: whoever names an image does not choose how the message looks.
    { type: 'section', text: { type: 'plain_text', text: cut(plainLine(sentence(fields))), emoji: false } },
    ...(fields.link === '' ? [] : [{ type: 'context', elements: [{ type: 'mrkdwn', text: link(fields) }] }]),
  ])
  return { text: lines.join('\n'), mrkdwn: false, blocks }
}

/** The message of the operator's own template, rendered once a notification. Its formatting counts. */
export function slackTemplateMessage(rendered: readonly string[]): object {
  const texts = rendered.map(cut)
  return {
    text: texts.join('\n'),
    blocks: texts.map((text) => ({ type: 'section', text: { type: 'mrkdwn', text } })),
  }
}

function link(fields: NotificationFields): string {
  return `<${fields.link.replace(/&/g, '&amp;')}|${slackText(fields.application)}>`
}

/** Within Slack's limit, and never in the middle of an escape such as `&amp;`. */
function cut(text: string): string {
  if (text.length <= LONGEST_SECTION) return text
  const start = text.slice(0, LONGEST_SECTION - 1).replace(/&[a-z]{0,3}$|[\ud800-\udbff]$/, '')
  return `${start}…`
}
