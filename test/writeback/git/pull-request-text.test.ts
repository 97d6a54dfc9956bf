import { describe, expect, it } from 'vitest'
import { readCommitTemplate } from '../../../src/lib/writeback/git/commit-template.ts'
import { compareLink } from '../../../src/lib/writeback/git/compare-link.ts'
import { labelsOf } from '../../../src/lib/writeback/git/image-labels.ts'
import { pullRequestText } from '../../../src/lib/writeback/git/pull-request-text.ts'
import { API, application, image, NGINX } from './changes.ts'

const OLD = '1111111aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'
const NEW = '2222222bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb'

function labelled(source: string, revision = NEW, before: string | undefined = OLD) {
  const labels = (hash: string) => ({
    'org.opencontainers.image.source': source,
    'org.opencontainers.image.revision': hash,
  })
  return image('org/app:1', 'org/app:2', {
    labels: labels(revision),
    ...(before && { labelsBefore: labels(before) }),
  })
}

describe('a pull request', () => {
  it('shows each change once, and who gets it', () => {
    const digest = `sha256:${'ab'.repeat(32)}`
    const web = image('ghcr.io/org/web:1.0', `ghcr.io/org/web:1.1@${digest}`, {
      pushedAt: new Date('2026-05-01T23:00:00Z'),
      builtAt: new Date('2026-04-30T10:00:00Z'),
      labels: labelled('https://github.com/org/web').labels ?? {},
      labelsBefore: labelled('https://github.com/org/web').labelsBefore ?? {},
    })
    const { title, body } = pullRequestText([
      application('argocd/shop', web, NGINX),
      application('team/blog', NGINX),
    ])
    expect(title).toBe('chore: update images for 2 applications')
    expect(body).toBe(`| Image | From | To | Digest | Date | Changes |
|---|---|---|---|---|---|
| \`ghcr.io/org/web\` | \`1.0\` | \`1.1\` | \`abababababab\` | pushed 2026-05-01 | [github.com 1111111...2222222](https://github.com/org/web/compare/${OLD}...${NEW}) |
| \`nginx\` | \`1.26.0\` | \`1.27.1\` |  |  |  |

Applications:

- \`argocd/shop\`: \`ghcr.io/org/web\`, \`nginx\`
- \`team/blog\`: \`nginx\``)
  })

  it("opens with the operator's own text", () => {
    const template = readCommitTemplate('chore: {{.AppName}}\n\n**Why**: {{(index .AppChanges 0).NewTag}}')
    const { title, body } = pullRequestText([application('argocd/shop', API)], template)
    expect(title).toBe('chore: shop')
    expect(body).toMatch(/^\*\*Why\*\*: 2\.1\.0\n\n\| Image \|/)
  })

  it('has a title of at most 255 characters and a body of at most 65,536 bytes, cut between rows', () => {
    const many = Array.from({ length: 3000 }, (_, index) =>
      application(`team/app-${index}`, image(`org/app-${index}:1`, `org/app-${index}:2`)),
    )
    const template = readCommitTemplate(`${'word '.repeat(80)}\n\n${'ü'.repeat(20)}`)
    const { title, body } = pullRequestText(many, template)
    expect(title.length).toBeLessThanOrEqual(255)
    expect(title).toMatch(/word…$/)
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(65_536)
    expect(body).toMatch(/\n\n… and \d+ more images\n\nApplications:\n/)
    expect(body).toMatch(/\n\n… and \d+ more Applications$/)
    for (const line of body.split('\n').filter((text) => text.startsWith('|'))) expect(line).toMatch(/\|$/)
  })

  it('can be kept shorter for a forge that takes less', () => {
    const many = Array.from({ length: 300 }, (_, index) => application(`team/app-${index}`, NGINX, API))
    const { body } = pullRequestText(many, undefined, { longestBody: 4000 })
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(4000)
    expect(body).toContain('| `nginx` |')
  })
})

describe('the link to the changes', () => {
  it.each([
    ['https://github.com/org/app', `https://github.com/org/app/compare/${OLD}...${NEW}`],
    ['https://github.example.com/org/app.git', `https://github.example.com/org/app/compare/${OLD}...${NEW}`],
    ['https://gitlab.com/group/sub/app/', `https://gitlab.com/group/sub/app/-/compare/${OLD}...${NEW}`],
    ['https://codeberg.org/org/app', `https://codeberg.org/org/app/compare/${OLD}...${NEW}`],
    ['https://bitbucket.org/org/app', `https://bitbucket.org/org/app/branches/compare/${NEW}%0D${OLD}`],
    ['https://git.example.com/org/app', 'https://git.example.com/org/app'],
    ['https://github.com/org/a)b|c<d>', `https://github.com/org/a%29b%7Cc%3Cd%3E/compare/${OLD}...${NEW}`],
  ])('%s', (source, url) => expect(compareLink(labelled(source))?.url).toBe(url))

  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'git@github.com:org/app.git',
    'https://user:secret@github.com/org/app',
    'https://xn--gthub-n4a.com/org/app',
    'github.com/org/app',
    '',
  ])('%s is none', (source) => expect(compareLink(labelled(source))).toBeUndefined())

  it('leads to the commit where nothing is known of the old image, and nowhere without a revision', () => {
    const source = 'https://github.com/org/app'
    expect(compareLink(labelled(source, NEW, ''))?.url).toBe(`${source}/commit/${NEW}`)
    expect(compareLink(labelled(source, 'main'))).toBeUndefined()
  })

  it('only to hosts that are allowed, where they are named', () => {
    expect(compareLink(labelled('https://evil.example/org/app'), ['github.com'])).toBeUndefined()
    expect(compareLink(labelled('https://github.com/org/app'), ['github.com'])).toBeDefined()
  })
})

describe('labels of an image', () => {
  it('are one line each, without controls', () => {
    expect(labelsOf({ a: 'x\r\ny\u001b[31m', 'b\n': 'z', c: 1, d: null })).toEqual({ a: 'x y[31m', b: 'z' })
  })

  it('are bounded in number and length', () => {
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`l${index}`, 'x']))
    expect(Object.keys(labelsOf(many))).toHaveLength(100)
    expect(labelsOf({ long: 'x'.repeat(5000) })).toEqual({})
  })

  it.each([undefined, null, 'text', 1, ['a']])('%j has none', (value) => expect(labelsOf(value)).toEqual({}))
})
