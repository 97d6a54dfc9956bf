import { describe, expect, it } from 'vitest'
import type { JsonPatchOperation } from '../../src/lib/application/json-patch.ts'
import { editScalars } from '../../src/lib/manifests/edit-scalars.ts'
import { EditRefusedError } from '../../src/lib/manifests/manifest-error.ts'

type Case = readonly [name: string, before: string, operations: readonly JsonPatchOperation[], after: string]

const set = (path: string, value: unknown): JsonPatchOperation => ({ op: 'replace', path, value })
const add = (path: string, value: unknown): JsonPatchOperation => ({ op: 'add', path, value })
const edit = (before: string, operations: readonly JsonPatchOperation[]) =>
  editScalars(before, operations).text

describe('a scalar that is replaced', () => {
  it.each<Case>([
    ['plain', 'v: org/web:1.4\n', [set('/v', 'org/web:1.5')], 'v: org/web:1.5\n'],
    ['double quotes', 'v: "org/web:1.4"\n', [set('/v', 'org/web:1.5')], 'v: "org/web:1.5"\n'],
    ['single quotes', "v: 'org/web:1.4'\n", [set('/v', "it's")], "v: 'it''s'\n"],
    ['a comment behind it', 'v: a   # why\nw: b\n', [set('/v', 'longer')], 'v: longer   # why\nw: b\n'],
    ['trailing spaces', 'v: a  \nw: b \n', [set('/v', 'c')], 'v: c  \nw: b \n'],
    ['no final line break', 'v: a', [set('/v', 'b')], 'v: b'],
    ['CRLF', 'v: a # c\r\nw: "b"\r\n', [set('/w', 'c')], 'v: a # c\r\nw: "c"\r\n'],
    ['a byte order mark', '\uFEFFv: a\n', [set('/v', 'b')], '\uFEFFv: b\n'],
    [
      'directives and markers',
      '%YAML 1.2\n---  # doc\nv: a\n...\n',
      [set('/v', 'b')],
      '%YAML 1.2\n---  # doc\nv: b\n...\n',
    ],
    ['an anchor nobody uses', 'v: &tag a\n', [set('/v', 'b')], 'v: &tag b\n'],
    ['a tag', 'v: !!str 1.4\n', [set('/v', '1.5')], 'v: !!str "1.5"\n'],
    ['an anchor elsewhere', 'x: &x 1\ny: *x\nv: a\n', [set('/v', 'b')], 'x: &x 1\ny: *x\nv: b\n'],
    ['blank lines and tabs', 'v: a\t# tab\n\n\n\nw: b\n', [set('/v', 'b')], 'v: b\t# tab\n\n\n\nw: b\n'],
    [
      'non-ASCII text around',
      'ä: "ü€😀" # ж\nv: a # 日本\n',
      [set('/v', 'b')],
      'ä: "ü€😀" # ж\nv: b # 日本\n',
    ],
    ['several lines of plain text', 'v: one\n  two\nw: b\n', [set('/v', 'three')], 'v: three\nw: b\n'],
    ['a literal block', 'v: |\n  a=1\n# c\nw: b\n', [set('/v', 'a=2\n')], 'v: |\n  a=2\n# c\nw: b\n'],
    [
      'a literal block that loses its last break',
      'v: |\n    a=1,\n    b=2\n\nw: 1\n',
      [set('/v', 'a=1,\nb=3')],
      'v: |-\n    a=1,\n    b=3\n\nw: 1\n',
    ],
    ['a folded block', 'v: >-  # long\n  a\n  b\nw: 1\n', [set('/v', 'a c')], 'v: >-  # long\n  a c\nw: 1\n'],
    [
      'a list in a list of a map',
      'a:\n- b:\n  - v: x\n  # c\n  - v: y\n',
      [set('/a/0/b/1/v', 'z')],
      'a:\n- b:\n  - v: x\n  # c\n  - v: z\n',
    ],
    ['a flow map', 'a: { v: x , w: y } # c\n', [set('/a/v', 'z')], 'a: { v: z , w: y } # c\n'],
    ['an image in a flow list', 'a: [ org/web:1.4 ]\n', [set('/a/0', 'org/web:1.5')], 'a: [ org/web:1.5 ]\n'],
    ['a true of JSON', '{"a": false}', [set('/a', true)], '{"a": true}'],
    [
      'JSON with tabs',
      '{\n\t"a": [\n\t\t"x"\n\t]\n}\n',
      [set('/a/0', 'why')],
      '{\n\t"a": [\n\t\t"why"\n\t]\n}\n',
    ],
    ['a key that needs escapes', 'm:\n  a/b~c: x\n', [set('/m/a~1b~0c', 'why')], 'm:\n  a/b~c: why\n'],
    [
      'a long line stays one',
      `v: ${'x'.repeat(300)} # ${'y'.repeat(300)}\n`,
      [set('/v', 'z '.repeat(200).trim())],
      `v: ${'z '.repeat(200).trim()} # ${'y'.repeat(300)}\n`,
    ],
  ])('%s', (_, before, operations, after) => {
    expect(edit(before, operations)).toBe(after)
  })

  it.each([
    '1.5',
    '20240101',
    '1e3',
    'true',
    'on',
    'no',
    'y',
    'null',
    '~',
    '0x1f',
    '1_000',
    '2024-01-01',
    '1:30',
    '',
    ' a',
    'a: b',
    'a #b',
    '*a',
    '&a',
    '!a',
    '@a',
    '- a',
    '[a',
    '{a',
    '%a',
    '<<',
    '0o17',
    '.5',
    '.nan',
    'a\nb',
  ])('is quoted where %j would be something else without', (value) => {
    const text = edit('v: a\n', [set('/v', value)])
    expect(text).toBe(value === '<<' ? 'v: <<\n' : `v: ${JSON.stringify(value)}\n`)
  })
})

describe('what is added', () => {
  it.each<Case>([
    [
      'a kustomize block, with the step and the dashes of the file',
      'spec:\n    source:\n        repoURL: x # c\n\n# end\n',
      [add('/spec/source/kustomize', { images: ['org/web:1.5'] })],
      'spec:\n    source:\n        repoURL: x # c\n        kustomize:\n            images:\n                - org/web:1.5\n\n# end\n',
    ],
    [
      'dashes below their key, where the file has them there',
      'a:\n  l:\n  - x\nspec:\n  source:\n    repoURL: x\n',
      [add('/spec/source/kustomize', { images: ['org/web:1.5'] })],
      'a:\n  l:\n  - x\nspec:\n  source:\n    repoURL: x\n    kustomize:\n      images:\n      - org/web:1.5\n',
    ],
    [
      'an item of a list, quoted like its neighbour',
      "images:\n  -   'a:1' # one\n  # after\nz: 1\n",
      [add('/images/-', 'b:2')],
      "images:\n  -   'a:1' # one\n  -   'b:2'\n  # after\nz: 1\n",
    ],
    [
      'a parameter',
      'p:\n- name: image.name\n  value: org/web\n',
      [add('/p/-', { name: 'image.tag', value: '1.5', forceString: true })],
      'p:\n- name: image.name\n  value: org/web\n- name: image.tag\n  value: "1.5"\n  forceString: true\n',
    ],
    [
      'a key in an item of a list',
      '- name: t\n  value: a\n- x\n',
      [set('/0/value', 'b'), add('/0/forceString', true)],
      '- name: t\n  value: b\n  forceString: true\n- x\n',
    ],
    [
      'annotations where there are none',
      'metadata:\r\n  name: shop\r\n  # later\r\nspec: {}\r\n',
      [add('/metadata/annotations', { 'a/b': 'x', 'a/c': 'true' })],
      'metadata:\r\n  name: shop\r\n  annotations:\r\n    a/b: x\r\n    a/c: "true"\r\n  # later\r\nspec: {}\r\n',
    ],
    [
      'annotations where the key has no value',
      'metadata:\n  annotations:   # none\n  name: shop\n',
      [add('/metadata/annotations', { 'a/b': 'x' })],
      'metadata:\n  annotations:   # none\n    a/b: x\n  name: shop\n',
    ],
    [
      'annotations where the key has {}',
      'metadata:\n  annotations: {}  # none\n  name: shop\n',
      [add('/metadata/annotations/a~1b', 'x')],
      'metadata:\n  annotations:  # none\n    a/b: x\n  name: shop\n',
    ],
    [
      'a block where the key has ~',
      'source:\n  kustomize: ~\n',
      [add('/source/kustomize', { images: ['a:1'] })],
      'source:\n  kustomize:\n    images:\n      - a:1\n',
    ],
    [
      'a key behind a literal block',
      'm:\n  a: |\n    x\n\n\nz: 1\n',
      [add('/m/b', 'why')],
      'm:\n  a: |\n    x\n  b: why\n\n\nz: 1\n',
    ],
    [
      'a key behind a literal block that keeps its blank lines',
      'm:\n  a: |+\n    x\n\nz: 1\n',
      [add('/m/b', 'why')],
      'm:\n  a: |+\n    x\n\n  b: why\nz: 1\n',
    ],
    [
      'a key at the end of a file without line break',
      'm:\n  a: x',
      [add('/m/b', 'why')],
      'm:\n  a: x\n  b: why',
    ],
    [
      'a key behind one without value',
      'm:\n  a:\nz: 1\n',
      [add('/m/b', 'why')],
      'm:\n  a:\n  b: why\nz: 1\n',
    ],
    [
      'keys quoted like their neighbours',
      'm:\n  "a": "x"\n',
      [add('/m/b', 'why')],
      'm:\n  "a": "x"\n  "b": "why"\n',
    ],
    ['an item of a flow list on one line', 'l: [a, b] # c\n', [add('/l/-', 'c:1')], 'l: [a, b, "c:1"] # c\n'],
    ['an item of a flow list with a comma at its end', 'l: [a, b,]\n', [add('/l/-', 'c')], 'l: [a, b, c,]\n'],
    ['a key of a flow map', 'm: { a: x }\n', [add('/m/b', 'why')], 'm: { a: x, b: why }\n'],
    [
      'a key of JSON',
      '{\n  "m": {\n    "a": "x"\n  }\n}\n',
      [add('/m/b', 'why'), add('/m/c', { l: ['z'] })],
      '{\n  "m": {\n    "a": "x",\n    "b": "why",\n    "c": {\n      "l": [\n        "z"\n      ]\n    }\n  }\n}\n',
    ],
    ['a key of JSON on one line', '{"m":{"a":"x"}}', [add('/m/b', ['y'])], '{"m":{"a":"x", "b": ["y"]}}'],
    [
      'a value of JSON that was {}',
      '{\n  "m": {}\n}\n',
      [add('/m/b', 'why')],
      '{\n  "m": {\n    "b": "why"\n  }\n}\n',
    ],
    [
      'an item of a flow list in several lines, with comments',
      'l: [\n  a, # one\n  b  # two\n]\n',
      [add('/l/-', 'c')],
      'l: [\n  a, # one\n  b,  # two\n  c\n]\n',
    ],
  ])('%s', (_, before, operations, after) => {
    expect(edit(before, operations)).toBe(after)
  })
})

describe('what is removed', () => {
  const remove = (path: string): JsonPatchOperation => ({ op: 'remove', path })
  it.each<Case>([
    ['a line', 'm:\n  a: x # c\n  b: why\n', [remove('/m/a')], 'm:\n  b: why\n'],
    ['the last line of a file without line break', 'm:\n  a: x\n  b: why', [remove('/m/b')], 'm:\n  a: x'],
    [
      'a block of text',
      'm:\n  a: |\n    1\n    2\n  # c\n  b: why\n',
      [remove('/m/a')],
      'm:\n  # c\n  b: why\n',
    ],
    ['the only key', 'm:\n  a: x\nz: 1\n', [remove('/m/a')], 'm:\nz: 1\n'],
    ['the last of a flow map', '{"a": 1, "b": 2}', [remove('/b')], '{"a": 1}'],
    ['the first of a flow map', '{"a": 1, "b": 2}', [remove('/a')], '{"b": 2}'],
  ])('%s', (_, before, operations, after) => {
    expect(edit(before, operations)).toBe(after)
  })
})

describe('what is refused', () => {
  it.each<readonly [name: string, text: string, operation: JsonPatchOperation, reason: RegExp, line: number]>(
    [
      ['a value that is an alias', 'x: &t a\nv: *t\n', set('/v', 'b'), /the alias \*t/, 2],
      ['a value behind an alias', 'x: &t\n  v: a\ny: *t\n', set('/y/v', 'b'), /behind the alias \*t/, 3],
      ['a value from a merge key', 'x: &t\n  v: a\ny:\n  <<: *t\n', set('/y/v', 'b'), /merge key/, 4],
      ['a value that others use', 'x:\n  v: &t a\ny: *t\n', set('/x/v', 'b'), /through the anchor &t/, 2],
      ['a map that others use', 'x: &t\n  v: a\ny: *t\n', set('/x/v', 'b'), /through the anchor &t/, 2],
      ['a whole block', 'x:\n  v: a\n', set('/x', 'b'), /a whole block/, 2],
      ['a block of text of another shape', 'x: |\n  v\n', set('/x', ' indented\n'), /block of text/, 1],
      ['explicit keys', '? a\n: b\n', add('/c', 'd'), /without changing more/, 3],
      ['a value that is not there', 'x: {}\n', set('/y/z', 'b'), /does not hold what was read/, 1],
    ],
  )('%s', (_, text, operation, reason, line) => {
    const attempt = () => editScalars(text, [operation])
    expect(attempt).toThrow(EditRefusedError)
    expect(attempt).toThrow(reason)
    expect(attempt).toThrow(expect.objectContaining({ line }))
  })
})
