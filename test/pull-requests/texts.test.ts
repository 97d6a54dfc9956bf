import { describe, expect, it } from 'vitest'
import { ObjectField } from '../../src/lib/application/object-field.ts'
import { missingLabels } from '../../src/lib/pull-requests/labels.ts'
import { markedBody, markedTarget } from '../../src/lib/pull-requests/marker.ts'
import { cleanMessage, messageOf } from '../../src/lib/pull-requests/provider-message.ts'
import { shortenedBody, shortenedTitle } from '../../src/lib/pull-requests/service-text.ts'

describe('the marker', () => {
  it.each([
    ['comment', '0f1e2d3c', '<!-- kubectl-image-updater target=0f1e2d3c -->\n\nbody'],
    ['reference', '0f1e2d3c', '[//]: # (kubectl-image-updater target=0f1e2d3c)\n\nbody'],
    ['comment', 'a --> b', '<!-- kubectl-image-updater target=a%20%2D%2D%3E%20b -->\n\nbody'],
    ['reference', 'a) b', '[//]: # (kubectl-image-updater target=a%29%20b)\n\nbody'],
  ] as const)('%s of %s', (style, target, body) => {
    expect(markedBody('body', target, style)).toBe(body)
    expect(markedTarget(body)).toBe(target)
    expect(markedTarget(body.replaceAll('\n', '\r\n'))).toBe(target)
  })

  it.each([
    ['no body', ''],
    ['a text about it', 'see <!-- kubectl-image-updater target=x -->'],
    ['a marker further below', 'body\n<!-- kubectl-image-updater target=x -->'],
    ['a marker that goes on', '<!-- kubectl-image-updater target=x --> and more'],
    ['an encoding that is none', '<!-- kubectl-image-updater target=%E0%A4%A -->'],
  ])('is not in %s', (_, body) => {
    expect(markedTarget(body)).toBeUndefined()
  })
})

describe('titles and bodies', () => {
  it.each([
    ['one line', 'a\nb\r\nc', 'a b c'],
    ['no escape sequence', 'a\u001b[31mb', 'a [31mb'],
    ['nothing that reorders or hides', 'a\u202eb\u200bc', 'abc'],
    ['no half character at the end', `${'x'.repeat(9)}😀`, 'x'.repeat(9)],
  ])('a title is %s', (_, title, expected) => {
    expect(shortenedTitle(title, 10)).toBe(expected)
  })

  it('a body that is too long ends with a whole line, and says so', () => {
    const body = shortenedBody('one line\n'.repeat(20), 100)
    expect(body).toMatch(/^(?:one line\n)+\n… \(shortened\)$/)
    expect(body.length).toBeLessThanOrEqual(100)
  })

  it('a short body keeps its lines and tabs', () => {
    expect(shortenedBody('a\r\n\tb\u0000\u001b[0m \n', 100)).toBe('a\n\tb[0m')
  })

  it.each([
    ['/merge', '\\/merge'],
    ['\u0000/merge\r\u202e/assign', '\\/merge\n\\/assign'],
    ['a\n /Assign @ada\nb', 'a\n \\/Assign @ada\nb'],
    ['| /merge |\na/b\n// c\n/ d', '| /merge |\na/b\n// c\n/ d'],
  ])('a body gives no orders: %j', (body, expected) => {
    expect(shortenedBody(body, 100)).toBe(expected)
    expect(shortenedBody(expected, 100)).toBe(expected)
  })
})

describe('labels', () => {
  it('are trimmed, and each there once', () => {
    expect(missingLabels([' a', 'b ', '', 'a'], [])).toEqual(['a', 'b'])
  })

  it('are missing whatever their case', () => {
    expect(missingLabels(['Bug', 'new'], ['bug', 'other'])).toEqual(['new'])
  })
})

describe('what a service says', () => {
  it.each<[string, unknown, string]>([
    [
      'GitHub',
      {
        message: 'Validation Failed',
        errors: [{ code: 'custom', message: 'No commits between main and x' }],
      },
      'Validation Failed; No commits between main and x',
    ],
    [
      'GitLab, a list',
      { message: ['Another open merge request exists'] },
      'Another open merge request exists',
    ],
    ['GitLab, by field', { message: { title: ['is too long'] } }, 'title is too long'],
    ['GitLab, another way', { error: 'insufficient_scope', error_description: 'x' }, 'insufficient_scope'],
    [
      'Bitbucket',
      { type: 'error', error: { message: 'Bad request', fields: { reviewers: ['unknown user'] } } },
      'Bad request; reviewers unknown user',
    ],
    ['nothing', undefined, ''],
    ['something else', ['x', 1, null], ''],
  ])('%s', (_, body, expected) => {
    expect(messageOf(new ObjectField('answer', body))).toBe(expected)
  })

  it('is found in a hostile depth without harm', () => {
    let body: unknown = 'deep'
    for (let level = 0; level < 100_000; level++) body = { message: body }
    expect(messageOf(new ObjectField('answer', body))).toBe('')
  })

  it.each([
    ['control characters', 'a\u001b[31mb\r\nc\u0007', 'a [31mb c'],
    ['Markdown', '**Not** [allowed](https://evil.example/x) by `policy`', 'Not allowed by policy'],
    ['HTML', 'no <a href="https://evil.example">way</a>', 'no way'],
    ['addresses', 'see https://docs.example.com/x for more.', 'see for more'],
    ['what hides or reorders', 'a\u202eb\u2066c\u{e0041}', 'abc'],
    ['secrets', 'token S3CR3T-token is bad', 'token [secret] is bad'],
    ['secrets that something is put into', 'S3CR3T\u200b-to*ken', '[secret]'],
  ])('is shown without %s', (_, text, expected) => {
    expect(cleanMessage(text, ['S3CR3T-token', ''])).toBe(expected)
  })

  it('is cut', () => {
    expect(cleanMessage('word '.repeat(10_000), []).length).toBeLessThanOrEqual(201)
  })
})
