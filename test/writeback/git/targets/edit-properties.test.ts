import { expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { setValues } from '../../../../src/lib/writeback/git/targets/helm-values.ts'
import { setKustomizationImage } from '../../../../src/lib/writeback/git/targets/kustomization.ts'
import { editManifest } from '../../../../src/lib/writeback/git/targets/manifests.ts'
import { SeededRandom } from '../../../seeded-random.ts'
import { image } from './image-changes.ts'

const COMMENTS = ['', ' # why', '   #', '  ', '\t# tab', ' # org/web:1 tag: v1']
const BLANKS = ['', '', '\n', '# alone\n', '   \n', '\n\n', '#\n']
const OLD = [
  'v1',
  "'v1'",
  '"v1"',
  '1.5',
  '~',
  '!!str v1',
  '&a v1',
  'v1@sha256:0a',
  '""',
  "'it''s'",
  '"a\\tb"',
]
const NEW = ['v2', '1.20', 'yes', '0x1F', 'a@sha256:0b', '2024-01-01', '12e3', 'null', 'latest', '010', '1_0']
const OTHERS = ['x', '1', 'true', '[a, {b: c}]', '{a: b}', '"#"', "'%'", '&z z', '!!int 7', '日本']

/** A values file with one place whose text is known: what stands before it, the text, and what comes after. */
function randomValues(random: SeededRandom): {
  readonly parts: readonly [string, string, string]
  readonly key: string
} {
  const step = ' '.repeat(1 + random.below(4))
  const depth = 1 + random.below(4)
  const names = Array.from({ length: depth }, (_, index) => `k${index}`)
  const quoted = names.map((name) => [name, random.pick(['', '', '"'])] as const)
  let anchors = 0
  const other = () => random.pick(OTHERS).replace('&z', () => `&z${anchors++}`)
  const neighbours = (indent: string, prefix: string) =>
    Array.from(
      { length: random.below(3) },
      (_, index) => `${random.pick(BLANKS)}${indent}${prefix}${index}: ${other()}${random.pick(COMMENTS)}\n`,
    ).join('')
  let before = random.pick(['', '', '# head\n', '---\n', '%YAML 1.2\n---\n'])
  let after = ''
  quoted.forEach(([name, quote], index) => {
    const indent = step.repeat(index)
    before += neighbours(indent, 'b')
    before += `${random.pick(BLANKS)}${indent}${quote}${name}${quote}:`
    if (index < depth - 1) before += `${random.pick(COMMENTS)}\n`
    after = neighbours(indent, 'c') + after
  })
  const mark = random.below(4) === 0 ? '\uFEFF' : ''
  const end = random.below(3) === 0 ? after.replace(/\n$/, '') : after
  const parts: readonly string[] = [`${mark}${before} `, random.pick(OLD), `${random.pick(COMMENTS)}\n${end}`]
  const crlf = random.below(3) === 0
  const broken = parts.map((part) => (crlf ? part.replaceAll('\n', '\r\n') : part))
  return { key: names.join('.'), parts: broken as unknown as readonly [string, string, string] }
}

it.each(Array.from({ length: 300 }, (_, seed) => seed))(
  'values: seed %i: only the one scalar differs',
  (seed) => {
    const random = new SeededRandom(seed)
    const { key, parts } = randomValues(random)
    const [before, old, after] = parts
    const value = random.pick(NEW)
    const edited = setValues(before + old + after, [{ key, value }], 'values.yaml')
    expect(edited.startsWith(before)).toBe(true)
    expect(edited.endsWith(after)).toBe(true)
    const written = edited.slice(before.length, edited.length - after.length)
    expect([value, `'${value}'`, JSON.stringify(value)]).toContain(written.replace(/^(?:!!str |&a )/, ''))
    const [document] = parseAllDocuments(edited, { version: '1.1' })
    expect((document as { getIn(path: string[]): unknown }).getIn(key.split('.'))).toBe(value)
    expect(setValues(edited, [{ key, value }], 'values.yaml')).toBe(edited)
  },
)

it.each(Array.from({ length: 100 }, (_, seed) => seed))(
  'values: seed %i: a new key takes nothing away',
  (seed) => {
    const random = new SeededRandom(seed)
    const text = randomValues(random).parts.join('')
    const value = random.pick(NEW)
    const edited = setValues(text, [{ key: 'added.image.tag', value }], 'values.yaml')
    const lines = edited.split('\n')
    for (const line of text.split('\n')) expect(lines.map((one) => one.trimEnd())).toContain(line.trimEnd())
    expect(edited.length).toBeLessThan(text.length + value.length + 60)
    const read = (source: string) => parseAllDocuments(source)[0]?.toJS()
    expect(read(edited)).toEqual({ ...read(text), added: { image: { tag: value } } })
  },
)

it.each(Array.from({ length: 150 }, (_, seed) => seed))(
  'kustomization: seed %i: only the tag differs',
  (seed) => {
    const random = new SeededRandom(seed)
    const dash = random.pick(['', '  ', '    '])
    const gap = random.pick([' ', '   '])
    const inner = `${dash} ${gap}`
    const quote = random.pick(['', "'", '"'])
    const entries = random.shuffled(['org/web', 'org/api', 'reg:5000/web', 'quay.io/org/web'])
    const text = (tagOf: (name: string) => string) =>
      `# k\nresources:\n- a\n\nimages:${random.pick([''])}\n${entries
        .map((name, index) => {
          const fields = [`name: ${name}`, `newTag: ${quote}${tagOf(name)}${quote}`]
          const [first, second] = index % 2 === 0 ? fields : fields.toReversed()
          return `${dash}-${gap}${first}\n${index === 1 ? `${inner}# note\n` : ''}${inner}${second}\n`
        })
        .join('\n')}namePrefix: x-\n`
    const chosen = random.pick(entries)
    const wanted = { name: chosen, newTag: 'v2' }
    expect(
      setKustomizationImage(
        text(() => 'v1'),
        wanted,
        'k',
      ),
    ).toBe(text((name) => (name === chosen ? 'v2' : 'v1')))
  },
)

it.each(Array.from({ length: 150 }, (_, seed) => seed))(
  'manifests: seed %i: only the images differ',
  (seed) => {
    const random = new SeededRandom(seed)
    const lineBreak = random.pick(['\n', '\r\n'])
    const kinds = Array.from({ length: 1 + random.below(4) }, () => random.below(3))
    const images = [
      'org/web',
      'docker.io/org/web',
      'ghcr.io/org/web',
      'org/website',
      'localhost:5000/org/web',
    ]
    const chosen = kinds.map(() => [random.pick(images), random.pick(["'", '"', ''])] as const)
    const comment = random.pick(COMMENTS)
    const text = (tagOf: (name: string) => string) =>
      kinds
        .map((kind, index) => {
          const [name, quote] = chosen[index] ?? ['', '']
          const written = `${quote}${name}:${tagOf(name)}${quote}`
          if (kind === 0) return `kind: ConfigMap\napiVersion: v1\ndata: {image: "org/web:v1"}\n`
          if (kind === 1)
            return `# pod\napiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: ${written}${comment}\n    name: a\n\n`
          return `{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Pod, spec: {containers: [{image: "${name}:${tagOf(name)}" }]}}]}\n`
        })
        .join('---\n')
        .replaceAll('\n', lineBreak)
    const isMeant = (name: string) => name === 'org/web' || name === 'docker.io/org/web'
    const edited = editManifest(
      text(() => 'v1'),
      [image('org/web:v2')],
      'a.yaml',
    ).text
    expect(edited).toBe(text((name) => (isMeant(name) ? 'v2' : 'v1')))
  },
)
