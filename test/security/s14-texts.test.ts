import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { GoTemplate } from '../../src/lib/gotemplate/template.ts'
import { branchName } from '../../src/lib/writeback/git/branch-name.ts'
import { commitMessage } from '../../src/lib/writeback/git/commit-message.ts'
import type { DescribedApplication } from '../../src/lib/writeback/git/described-change.ts'
import { codeSpan, inertText, markdownText } from '../../src/lib/writeback/git/markdown.ts'
import { pullRequestText } from '../../src/lib/writeback/git/pull-request-text.ts'
import { legalBranchName } from '../../src/lib/writeback/git/ref-name.ts'
import { processorTime } from '../processor-time.ts'

const TEMPLATE = new GoTemplate(
  '{{.AppName}}\n\n{{range .AppChanges}}{{.Alias}}\n{{.NewTag}}\n{{index .Labels "note"}}\n{{range $k, $v := .Labels}}{{$k}}{{end}}{{end}}',
)

/** What registries, clusters and annotations may hold in the worst case, in every place that is printed. */
const HOSTILE: readonly string[] = [
  'x\nSigned-off-by: Mallory <m@example.com>',
  'x\r\n\r\nCo-authored-by: Mallory <m@example.com>',
  'x\u2028Reviewed-by: Mallory',
  'x\u0085Reviewed-by: Mallory',
  'x\n---\nSigned-off-by: Mallory',
  '\u001b]8;;https://evil.example\u0007click\u001b]8;;\u0007',
  '\u001b[2J\u009b31mred',
  'abc\u202egpj.exe\u2066\u200f',
  'in\u200bvis\u{e0041}ible\ufeff',
  '\ud800lone',
  'tab\there\u0000',
]

function hostile(value: string): readonly DescribedApplication[] {
  const image = { registry: '', repository: value, tag: value, digest: '' }
  return [
    {
      namespace: value,
      application: value,
      images: [{ alias: value, before: image, after: image, labels: { note: value, [value]: value } }],
    },
  ]
}

describe('S14: text from a registry, a cluster or an annotation', () => {
  it.each(HOSTILE)('adds no line and no control character to a commit message: %j', (value) => {
    const harmless = value.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').trim()
    for (const template of [TEMPLATE, undefined]) {
      const { text, trailers } = commitMessage(hostile(value), template)
      expect(text).not.toMatch(/(?!\n)[\p{C}\p{Zl}\p{Zp}]/u)
      expect(text.split('\n')).toHaveLength(
        commitMessage(hostile(harmless), template).text.split('\n').length,
      )
      const read = execFileSync('git', ['interpret-trailers', '--parse'], { input: text, encoding: 'utf8' })
      expect(
        read
          .trimEnd()
          .split('\n')
          .map((line) => line.split(':')[0]),
      ).toEqual(['Application', 'Image'])
      expect(trailers).toHaveLength(2)
    }
  })

  it('is no trailer even where a template gives it a line of its own', () => {
    const note = '{{range .AppChanges}}{{index .Labels "note"}}{{end}}'
    for (const end of [note, `Team: a\n${note}`, `${note}\nSigned-off-by: Jane`]) {
      const template = new GoTemplate(`subject\n\n${end}`)
      const { text } = commitMessage(hostile('Signed-off-by: Mallory <m@example.com>'), template)
      const read = execFileSync('git', ['interpret-trailers', '--parse'], { input: text, encoding: 'utf8' })
      expect(read).not.toMatch(/^Signed-off-by: Mallory/m)
    }
  })

  it('costs no time that grows with the square of its length', () => {
    const spent = processorTime(() => {
      const long = `${' '.repeat(30_000)}x`
      commitMessage(
        hostile('x'),
        new GoTemplate(`s\n\n${long}${'\n\n'.repeat(1000)}{{"${'-'.repeat(20_000)}"}}`),
      )
      commitMessage(hostile(`${'\n '.repeat(50_000)}x${'|`@'.repeat(10_000)}`))
      pullRequestText(hostile('[(@'.repeat(10_000)), TEMPLATE)
    })
    expect(spent).toBeLessThan(2000)
  })

  it.each([...HOSTILE, '-option', '../../x', '--upload-pack=id'])(
    'makes no illegal branch and no option: %j',
    (value) => {
      for (const text of ['{{.AppName}}', '{{range .Images}}{{.NewTag}}{{end}}']) {
        const name = branchName(
          new GoTemplate(text),
          hostile(value)[0] ?? { namespace: '', application: '', images: [] },
          '',
        )
        expect(name).toBe(legalBranchName(name))
        execFileSync('git', ['check-ref-format', '--branch', name])
      }
    },
  )

  it('cannot leave its cell in the table of a pull request', () => {
    const value = 'a | b ` c \\| <img src=x> [x](https://evil.example) @org/team fixes #1\n| new | row |'
    const { title, body } = pullRequestText(hostile(value))
    const rows = body.split('\n').filter((line) => line.startsWith('|'))
    expect(rows).toHaveLength(3)
    // Seven pipes part six cells; those of the value are escaped.
    for (const row of rows) expect(row.match(/(?<!\\)\|/g)).toHaveLength(7)
    // Outside of code nothing of the value is left.
    expect(body.replace(/`[^`\n]*`/g, '')).not.toMatch(/[<@#]|evil/)
    expect(title).not.toMatch(/[@#]\w/)
  })

  it.each([
    ['@org/team', /^@\u200borg\/team$/],
    ['fixes #12', /^fixes #\u200b12$/],
    ['closes GH-12', /GH\\-|GH-\u200b12/],
    ['![x](https://evil.example/pixel.png)', /^\\!\\\[x\\\]\\\(/],
    ['<img src=x onerror=alert(1)>', /^\\<img/],
    ['[click](javascript:alert(1))', /^\\\[click\\\]/],
    ['&#64;team', /^\\&#\u200b?64;team$/],
    ['**bold** `code` ~~x~~ $x$', /^\\\*\\\*bold\\\*\\\* \\`code\\` \\~\\~x\\~\\~ \\\$x\\\$$/],
    ['see https://evil.example now', /https\\:\/\/evil/],
    ['# heading', /^(?:\\#|#) heading$/],
  ])('means nothing in Markdown: %s', (value, expected) => expect(markdownText(value)).toMatch(expected))

  it.each(['1.2.3', 'sha256:abc', 'org/app', 'https://github.com/org/app/commit/abc', '2026-01-02_build.7'])(
    'stays readable where it is harmless: %s',
    (value) => expect(markdownText(value)).toBe(value),
  )

  it('is plain in code and in titles', () => {
    expect(codeSpan('a`b|c\nd')).toBe("`a'b\\|c d`")
    expect(inertText('@team #1 mail@host')).toBe('@\u200bteam #\u200b1 mail@\u200bhost')
  })
})
