import { describe, expect, it } from 'vitest'
import type { Notification } from '../../src/lib/notify/notification.ts'
import { LONGEST_FIELD } from '../../src/lib/notify/notification-fields.ts'
import { notificationDocument } from '../../src/lib/notify/payload.ts'
import { plainLine, sentence } from '../../src/lib/notify/sentence.ts'
import { slackMessage, slackText } from '../../src/lib/notify/slack-message.ts'
import { pages } from '../docs/markdown.ts'
import { objections } from '../schema/schema.ts'
import { fieldsOf, HOSTILE } from './notifications.ts'

const OLD = `sha256:${'a'.repeat(64)}`
const NEW = `sha256:${'b'.repeat(64)}`
const WHERE = '(context prod, namespace argocd, by jane)'

describe('the line for people', () => {
  it.each<[Partial<Notification>, string]>([
    [{}, `shop/web 1.4.2 → 1.5.0 applied: set kustomize image ${WHERE}`],
    [{ event: 'available' }, `shop/web 1.4.2 → 1.5.0 is available ${WHERE}`],
    [{ event: 'failed', reason: 'conflict' }, `shop/web 1.4.2 → 1.5.0 failed: conflict ${WHERE}`],
    [{ event: 'held', reason: 'until Monday' }, `shop/web 1.4.2 → 1.5.0 is held: until Monday ${WHERE}`],
    [
      { event: 'degraded', reason: 'crash loop' },
      `shop/web 1.4.2 → 1.5.0 applied, and the Application is degraded: crash loop ${WHERE}`,
    ],
    [{ from: '', action: '', by: '', context: '' }, 'shop/web 1.5.0 applied (namespace argocd)'],
    [
      { from: `main@${OLD}`, to: 'main', digest: NEW },
      `shop/web main@aaaaaaaaaaaa → main@bbbbbbbbbbbb applied: set kustomize image ${WHERE}`,
    ],
  ])('%o', (change, expected) => {
    expect(sentence(fieldsOf(change))).toBe(expected)
  })

  it('is one line that hides nothing', () => {
    expect(plainLine('a\r\n b\tc')).toBe('a b c')
    expect(plainLine('\u001b[2Jx\u202ey\u0000')).toBe('^[[2Jx\\u202ey\\u0000')
  })
})

describe('text from outside in a Slack message', () => {
  it.each([
    [
      '<!channel> <@U1> <https://evil.example|pay>',
      '&lt;!channel&gt; &lt;@\u200bU1&gt; &lt;https:\u200b//evil.example|pay&gt;',
    ],
    ['a & b', 'a &amp; b'],
    ['@here @channel @everyone', '@\u200bhere @\u200bchannel @\u200beveryone'],
    ['[pay](https://evil.example)', '[pay]\u200b(https:\u200b//evil.example)'],
    [`main@${OLD}`, `main@${OLD}`],
    ['www.evil.example', 'www.\u200bevil.example'],
    ['two\nlines', 'two lines'],
  ])('%j', (text, expected) => {
    expect(slackText(text)).toBe(expected)
  })
})

describe('a Slack message', () => {
  it('is a text and a block for each notification, with a link to its page', () => {
    const link = 'https://argocd.example/applications/shop?a=1&b=2'
    const line = `shop/web 1.4.2 → 1.5.0 applied: set kustomize image ${WHERE}`
    expect(slackMessage([fieldsOf({ link }), fieldsOf({ image: 'api' })])).toEqual({
      text: `${line} <https://argocd.example/applications/shop?a=1&amp;b=2|shop>\n${line.replace('web', 'api')}`,
      mrkdwn: false,
      blocks: [
        { type: 'section', text: { type: 'plain_text', text: line, emoji: false } },
        {
          type: 'context',
          elements: [{ type: 'mrkdwn', text: '<https://argocd.example/applications/shop?a=1&amp;b=2|shop>' }],
        },
        { type: 'section', text: { type: 'plain_text', text: line.replace('web', 'api'), emoji: false } },
      ],
    })
  })

  it('stays within the limits of Slack', () => {
    const huge = '&'.repeat(5000)
    const { blocks, text } = slackMessage([fieldsOf({ reason: huge, action: huge, application: huge })]) as {
      text: string
      blocks: { text: { text: string } }[]
    }
    expect(text.length).toBeLessThanOrEqual(3000)
    expect(text).toMatch(/&amp;…$/)
    expect(blocks[0]?.text.text.length).toBeLessThanOrEqual(3000)
  })

  it.each(['javascript:alert(1)', 'not a page', 'https://argocd.example/|<!channel>'])(
    'makes no harmful link of %s',
    (link) => {
      expect(JSON.stringify(slackMessage([fieldsOf({ link })]))).not.toMatch(
        /javascript|not a page|<!channel/,
      )
    },
  )
})

describe('the document for programs', () => {
  it('is the one that the page shows, field by field', () => {
    const page = pages().find(({ file }) => file === 'docs/notifications.md')
    const shown = page?.blocks
      .filter(({ language }) => language === 'json')
      .map(({ text }) => JSON.parse(text) as Record<string, unknown>)
      .find(({ kind }) => kind === 'Notification')
    expect(objections(shown)).toBe('')
    expect(Object.keys(shown ?? {})).toEqual(Object.keys(notificationDocument(fieldsOf())))
  })

  it('fits the schema, whatever the texts are', () => {
    expect(objections(notificationDocument(fieldsOf()))).toBe('')
    const hostile = fieldsOf({ reason: HOSTILE, application: HOSTILE, to: HOSTILE, link: HOSTILE })
    expect(objections(notificationDocument(hostile))).toBe('')
  })

  it('carries the raw texts, cut where they are huge, and one line for people', () => {
    const document = notificationDocument(fieldsOf({ reason: '💥'.repeat(5000), event: 'failed' }))
    expect(document).toMatchObject({ kind: 'Notification', at: '2026-01-02T03:04:05.000Z', link: '' })
    const { reason, text } = document as { reason: string; text: string }
    expect(reason.length).toBeLessThanOrEqual(LONGEST_FIELD)
    expect(reason.isWellFormed()).toBe(true)
    expect(reason).toMatch(/💥…$/u)
    expect(text).toContain('shop/web 1.4.2 → 1.5.0 failed: 💥')
  })
})
