import { describe, expect, it } from 'vitest'
import { editHelmValues } from '../../../../src/lib/writeback/git/targets/helm-values.ts'
import { editKustomization } from '../../../../src/lib/writeback/git/targets/kustomization.ts'
import { editManifest } from '../../../../src/lib/writeback/git/targets/manifests.ts'
import { editOverrideFile } from '../../../../src/lib/writeback/git/targets/override-file.ts'
import { image, refusal } from './image-changes.ts'

const LAUGHS = [
  'a: &a [x, x, x, x, x, x, x, x, x]',
  ...[...'bcdefgh'].map((name, index) => {
    const alias = `*${'abcdefg'[index]}`
    return `${name}: &${name} [${Array.from({ length: 9 }, () => alias).join(', ')}]`
  }),
].join('\n')

const TEXTS = [
  ['a billion laughs', LAUGHS, /Excessive alias count/],
  [
    'lists in lists in lists',
    `x: ${'['.repeat(20_000)}${']'.repeat(20_000)}`,
    /nested too deeply|line \d+: /,
  ],
  [
    'maps in maps in maps',
    Array.from({ length: 3000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
    /nested too deeply|line \d+: /,
  ],
  ['a key twice', 'image: {tag: a}\nimage: {tag: b}', /line 2: Map keys must be unique/],
  ['tabs as indentation', 'image:\n\ttag: a', /line 2: Tabs are not allowed/],
  ['a merge of what is no map', 'image:\n  <<: 5', /Merge sources must be maps/],
  ['an alias without anchor', 'image: *none', /Unresolved alias/],
  ['an alias inside its own anchor', 'image: &a\n  b: *a', /inside its own anchor/],
  ['what is no text', 'image: a\0b', /it is no text/],
  ['more than anyone writes', `image: ${'x'.repeat(9 * 1024 * 1024)}`, /too big/],
] as const

describe('a file with', () => {
  it.each(TEXTS)('%s is refused in one line', (_, hostile, reason) => {
    const text = `# web\n${hostile}\n`.replace('# web\n', '')
    const web = image('org/web:2')
    for (const edit of [
      () => editHelmValues(text, [web], 'f.yaml'),
      () => editKustomization(text, [web], 'f.yaml'),
      () => editOverrideFile(text, [web], 'Helm', 'f.yaml'),
      () => editManifest(`${text}# web\n`, [web], 'f.yaml'),
    ]) {
      const message = refusal(edit)
      expect(message).toMatch(reason)
      expect(message).toMatch(/^f\.yaml: [^\n]+$/)
    }
  })

  it('a key called __proto__ changes nothing but the file', () => {
    const web = image('org/web:2', { helm: { tag: '__proto__.tag' } })
    expect(editHelmValues('x: 1\n', [web], 'f.yaml')).toBe('x: 1\n__proto__:\n  tag: "2"\n')
    expect(({} as { tag?: string }).tag).toBeUndefined()
  })
})

it('a megabyte is nothing out of the ordinary', { timeout: 120_000 }, () => {
  const text = (tag: string) =>
    Array.from(
      { length: 16_000 },
      (_, index) =>
        `app${index}:\n  image:\n    repository: org/app${index}\n    tag: ${index === 9000 ? tag : 'v1'} # t\n`,
    ).join('')
  const app = image('org/app9000:v2', {
    helm: { name: 'app9000.image.repository', tag: 'app9000.image.tag' },
  })
  expect(text('v1').length).toBeGreaterThan(1_000_000)
  expect(editHelmValues(text('v1'), [app], 'f.yaml') === text('v2')).toBe(true)
})
