import { describe, expect, it } from 'vitest'
import { NotifyError } from '../../src/lib/notify/notify-error.ts'
import { plainLine } from '../../src/lib/notify/sentence.ts'
import { slackText } from '../../src/lib/notify/slack-message.ts'
import { compileTemplate } from '../../src/lib/notify/template.ts'
import { jsonText } from '../../src/lib/notify/webhook-destination.ts'
import { fieldsOf, HOSTILE } from './notifications.ts'

const render = (text: string, change = {}, escapeValue = plainLine) =>
  compileTemplate(text, escapeValue).render(fieldsOf(change))

describe('a template', () => {
  it.each([
    ['{{ application }}: {{ to }}', 'shop: 1.5.0'],
    [
      '{{ text }}',
      'shop/web 1.4.2 → 1.5.0 applied: set kustomize image (context prod, namespace argocd, by jane)',
    ],
    ['{% if event == "failed" %}no{% else %}yes{% endif %}', 'yes'],
    ['{% case event %}{% when "applied" %}done{% endcase %}', 'done'],
    ['{{ at | date: "%H:%M" }} UTC', '03:04 UTC'],
    ['{{ link | default: "no page" }}', 'no page'],
    ['{% assign short = repository | split: "/" | last %}{{ short | upcase }}', 'WEB'],
    ['<!here> *{{ image }}*', '<!here> *web*'],
  ])('%s → %s', (text, expected) => {
    expect(render(text)).toBe(expected)
  })

  it.each([
    ['{{ aplication }}', '"aplication", which is not a field'],
    ['{{ password }}', '"password", which is not a field'],
    ['{{ constructor }}', '"constructor", which is not a field'],
    ['{{ to.constructor }}', 'a part of "to"'],
    ['{{ to["__proto__"] }}', 'a part of "to"'],
    ['{% if x %}{% endif %}', '"x", which is not a field'],
    ['{{ to', 'cannot be read: output "{{ to" not closed'],
    ['{% if to %}', 'cannot be read: tag {% if to %} not closed'],
    ['{{ to | nope }}', 'undefined filter: nope'],
    ['{{ to | raw }}', 'undefined filter: raw'],
    ['{% include "/etc/passwd" %}', 'tag "include" not found'],
    ['{% render "/etc/passwd" %}', 'tag "render" not found'],
    ['{% layout "/etc/passwd" %}', 'tag "layout" not found'],
    ['{% for i in (1..99999999) %}x{% endfor %}', 'tag "for" not found'],
    ['{{ to | append: "x" '.repeat(5000), 'cannot be read'],
  ])('%.60s is refused', (text, problem) => {
    expect(() => render(text)).toThrow(NotifyError)
    expect(() => render(text)).toThrow(problem)
    expect(() => render(text)).toThrow(expect.not.stringContaining('\n'))
  })

  it('tells the fields there are', () => {
    expect(() => render('{{ aplication }}')).toThrow(
      expect.objectContaining({
        remedy: expect.stringContaining('Did you mean application? Fields are event, at, context, namespace'),
      }),
    )
  })

  it('is bounded in what it becomes', () => {
    const template = compileTemplate('{{ reason }}'.repeat(1000), plainLine)
    expect(() => template.render(fieldsOf({ reason: 'x'.repeat(1000) }))).toThrow(
      'longer than 40000 characters',
    )
  })
})

describe('values in a template', () => {
  it('are data: they are not read as a template, mention nobody, and stay on one line', () => {
    const text = render('{{ reason }}|{% assign again = reason %}{{ again }}', { reason: HOSTILE }, slackText)
    expect(text).not.toMatch(/<!channel>|@here|\]\(|:\/\/|\n|\r|\u001b|\u202e/)
    expect(text).toContain('{{ reason }}')
  })

  it.each([
    '{{ reason | strip }}',
    '{{ reason | append: to }}',
    '{{ reason | base64_encode | base64_decode }}',
  ])('are escaped after %s', (text) => {
    expect(render(text, { reason: HOSTILE }, slackText)).not.toMatch(/<!channel>|@here|\n/)
  })

  it('stay inside the quotes of JSON', () => {
    const body = render('{"title": "{{ reason }}"}', { reason: HOSTILE }, jsonText)
    expect(JSON.parse(body)).toEqual({ title: HOSTILE })
  })
})
