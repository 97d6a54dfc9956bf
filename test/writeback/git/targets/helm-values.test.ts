import { describe, expect, it } from 'vitest'
import { editHelmValues, setValues } from '../../../../src/lib/writeback/git/targets/helm-values.ts'
import { image, refusal } from './image-changes.ts'

const FILE = 'values.yaml'
const set = (text: string, key: string, value: string) => setValues(text, [{ key, value }], FILE)

describe('a value that is there', () => {
  it.each([
    ['keeps its quotes', `image:\n  tag: 'v1' # c\n`, `image:\n  tag: 'v2' # c\n`],
    [
      'keeps line breaks, and a missing last one',
      '# a\r\n\r\nimage:\r\n    tag:   v1',
      '# a\r\n\r\nimage:\r\n    tag:   v2',
    ],
    ['keeps a byte order mark', '\uFEFFimage: {tag: v1}\n', '\uFEFFimage: {tag: v2}\n'],
    ['may be JSON', '{"image": {"tag": "v1"}}\n', '{"image": {"tag": "v2"}}\n'],
    ['may be a literal key', 'image.tag: v1\nimage: {tag: other}\n', 'image.tag: v2\nimage: {tag: other}\n'],
    ['may be empty', 'image:\n  tag: # to be set\n  pull: a\n', 'image:\n  tag: v2 # to be set\n  pull: a\n'],
    ['may be null', 'image:\n  tag: ~\n', 'image:\n  tag: v2\n'],
    ['may be a block', 'image:\n  tag: |-\n    v1\nx: 1\n', 'image:\n  tag: |-\n    v2\nx: 1\n'],
    ['keeps its anchor and tag', 'image: {tag: &t !!str v1}\n', 'image: {tag: &t !!str v2}\n'],
    ['may be behind an alias', 'version: &v v1\nimage: {tag: *v}\n', 'version: &v v2\nimage: {tag: *v}\n'],
    ['may be behind an alias of a map', 'a: &a\n  tag: v1\nimage: *a\n', 'a: &a\n  tag: v2\nimage: *a\n'],
    [
      'may stand beside a merge key',
      'a: &a {x: 1}\nimage:\n  <<: *a\n  tag: v1\n',
      'a: &a {x: 1}\nimage:\n  <<: *a\n  tag: v2\n',
    ],
    ['may have quoted keys', `"image":\n  'tag' : v1\n`, `"image":\n  'tag' : v2\n`],
  ])('%s', (_, before, after) => expect(set(before, 'image.tag', 'v2')).toBe(after))

  it('of the top level may be an alias: its anchor changes', () => {
    expect(set('x: &t v1\ny: *t\n', 'y', 'v2')).toBe('x: &t v2\ny: *t\n')
  })

  it('may be written twice, through its anchor and an alias, when both say the same', () => {
    const writes = ['x', 'y'].map((key) => ({ key, value: 'v2' }))
    expect(setValues('x: &t v1\ny: *t\n', writes, FILE)).toBe('x: &t v2\ny: *t\n')
  })

  it.each([
    '1.20',
    '0x1F',
    '1e3',
    'yes',
    'null',
    '2024-01-01',
    '012',
    '1_000',
    '',
    '-latest',
    '# a',
    'a: b',
    '*x',
    '{a}',
  ])('is quoted where %j would be something else without', (value) => {
    expect(set('image.tag: 1.5\n', 'image.tag', value)).toBe(`image.tag: ${JSON.stringify(value)}\n`)
    expect(set('image: {tag: 1.5}\n', 'image.tag', value)).toBe(`image: {tag: ${JSON.stringify(value)}}\n`)
  })

  it.each([
    ['images[1].tag', 'images:\n- tag: a\n- tag: v1\n', 'images:\n- tag: a\n- tag: v2\n'],
    ['images[0]', 'images: [v1, b]\n', 'images: [v2, b]\n'],
    ['a.b[0].c', 'a:\n  b:\n  - c: "v1"\n', 'a:\n  b:\n  - c: "v2"\n'],
  ])('may be in a list: %s', (key, before, after) => expect(set(before, key, 'v2')).toBe(after))
})

describe('a value that is not there', () => {
  it.each([
    [
      'is added below its neighbours',
      'image:\n    repository: "a" # r\n\n# next\nx: 1\n',
      'image:\n    repository: "a" # r\n    tag: "v2"\n\n# next\nx: 1\n',
    ],
    ['comes with the maps on the way', 'x: 1 # c\r\n', 'x: 1 # c\r\nimage:\r\n  tag: v2\r\n'],
    ['begins a map that has no value', 'image:\nx: 1\n', 'image:\n  tag: v2\nx: 1\n'],
    ['begins a map that is empty', 'image: {} # none\nx: 1\n', 'image: # none\n  tag: v2\nx: 1\n'],
    ['begins a file of comments', '# values\n', '# values\nimage:\n  tag: v2\n'],
    ['begins an empty file', '', 'image:\n  tag: v2\n'],
    ['begins an empty document', '--- # here\n', '--- # here\nimage:\n  tag: v2\n'],
    ['fits into braces', '{"image": {"repository": "a"}}', '{"image": {"repository": "a", "tag": "v2"}}'],
    [
      'overrules a merge key that has none',
      'a: &a {x: 1}\nimage:\n  <<: *a\n',
      'a: &a {x: 1}\nimage:\n  <<: *a\n  tag: v2\n',
    ],
  ])('%s', (_, before, after) => expect(set(before, 'image.tag', 'v2')).toBe(after))
})

describe('a key is refused', () => {
  it.each([
    ['image.tag', 'image: v1\n', 'unexpected-node-type', 'values.yaml: image.tag: image is no map (line 1)'],
    [
      'image',
      'image: {tag: a}\n',
      'literal-key-not-scalar',
      /there is a key spelt like this, and it holds no text/,
    ],
    ['a.b', 'a: {b: [x]}\n', 'unexpected-node-type', /it holds a map or a list, no text/],
    ['a[0]', 'x: 1\n', 'index-out-of-range', /the list is not there/],
    [
      'a[2].b',
      'a: [{b: 1}]\n',
      'index-out-of-range',
      /the list has 1 items, counted from 0, and \[2\] is none/,
    ],
    ['a[-1]', 'a: [x]\n', 'index-out-of-range', /\[-1\] is none/],
    ['a[x]', 'a: [x]\n', 'index-not-an-integer', /\[x\] is no index/],
    ['a.b', 'a: [{b: 1}]\n', 'index-missing', /a list comes before b/],
    ['a[0]', 'a: {b: 1}\n', 'unexpected-node-type', /there is no list/],
    ['a..b', 'a: {b: 1}\n', 'bad-key', /a part of the key is empty/],
    ['a.tag', 'x: &x {tag: v1}\na:\n  <<: *x\n', 'edit-refused', /tag comes from a merge key/],
    ['a.tag', 'x: &x {y: v1}\na: *x\n', 'edit-refused', /behind the alias \*x/],
    ['a.tag', 'a: {tag: !!float 1.5}\n', 'edit-refused', /its tag tag:yaml.org,2002:float asks for no text/],
    ['image.tag', '- a\n', 'root-not-a-mapping', /it does not hold keys with values/],
  ])('%s in %j', (key, text, code, reason) => {
    expect(refusal(() => set(text, key, 'v2'))).toMatch(reason)
    expect(() => set(text, key, 'v2')).toThrow(expect.objectContaining({ code, file: FILE }))
  })
})

describe('an image in a values file', () => {
  const names = { helm: { name: 'image.repository', tag: 'image.tag' } }
  const edit = (text: string | undefined, ...images: ReturnType<typeof image>[]) =>
    editHelmValues(text, images, FILE)

  it.each([
    ['keeps a short name', 'org/web', 'ghcr.io/org/web:2', 'org/web'],
    ['keeps a long name', 'docker.io/bitnami/web', 'bitnami/web:2', 'docker.io/bitnami/web'],
    ['replaces another one', 'org/old', 'ghcr.io/org/web:2', 'ghcr.io/org/web'],
  ])('%s', (_, there, wanted, name) => {
    expect(edit(`image: {repository: ${there}, tag: "1"}\n`, image(wanted, names))).toBe(
      `image: {repository: ${name}, tag: "2"}\n`,
    )
  })

  it('may be one text', () => {
    const web = image('ghcr.io/org/web:2', { helm: { spec: 'web.image' } })
    expect(edit('web:\n  image: org/web:1\n', web)).toBe('web:\n  image: org/web:2\n')
  })

  it('carries its digest in the tag', () => {
    const digest = `sha256:${'0'.repeat(64)}`
    expect(edit('image: {tag: a}\n', image(`web:b@${digest}`))).toBe(`image: {tag: "b@${digest}"}\n`)
  })

  it('begins no image.name that nobody asked for', () => {
    expect(edit('image: {tag: a}\n', image('org/web:b'))).toBe('image: {tag: b}\n')
  })

  it('begins a file, which says whose it is', () => {
    expect(
      edit(undefined, image('org/web:1.20', names), image('org/api:v2', { helm: { spec: 'api' } })),
    ).toBe(
      '# Values that kubectl image-updater keeps up to date.\nimage:\n  tag: "1.20"\n  repository: "org/web"\napi: org/api:v2\n',
    )
  })

  it('shares no key with another one, nor a value through an alias', () => {
    expect(
      refusal(() => edit('image: {tag: a}\n', image('org/web:1', {}, 'web'), image('org/api:2', {}, 'api'))),
    ).toBe('values.yaml: image.tag: two images want it: web and api')
    const [web, api] = ['web', 'api'].map((tag, index) => image(`org/${tag}:${index}`, { helm: { tag } }))
    expect(refusal(() => edit('web: &t v1\napi: *t\n', web as never, api as never))).toBe(
      'values.yaml: api: two images want it: 0 and 1',
    )
    const [stays, changes] = ['web', 'api'].map((tag, index) =>
      image(`org/${tag}:v${index + 1}`, { helm: { tag } }),
    )
    expect(refusal(() => edit('web: &t v1\napi: *t\n', stays as never, changes as never))).toBe(
      'values.yaml: api: two images want it: v1 and v2',
    )
  })
})
