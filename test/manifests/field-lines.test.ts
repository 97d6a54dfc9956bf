import { Readable } from 'node:stream'
import { expect, it } from 'vitest'
import { FieldLines, type SoughtField } from '../../src/lib/manifests/field-lines.ts'
import { readManifests } from '../../src/lib/manifests/read-manifests.ts'

const HEAD = 'apiVersion: argoproj.io/v1alpha1\nkind: Application\n'

async function lineOf(text: string, fields: readonly SoughtField[], index = 0): Promise<number> {
  const { applications } = await readManifests({
    names: ['-'],
    recursive: false,
    standardInput: () => Readable.from([Buffer.from(text)]),
  })
  const manifest = applications[index]
  if (!manifest) throw new Error('no Application')
  return new FieldLines().lineOf(manifest, fields)
}

const annotation = (name: string, word?: string): SoughtField => ({
  pointer: `/metadata/annotations/${name.replaceAll('/', '~1')}`,
  ...(word && { word }),
})

const DOCUMENT = `${HEAD}metadata:
  name: shop
  annotations:
    # a note
    x/image-list: |
      my-web=a,
      web=b
    x/web.allow-tags: any
spec: {source: {kustomize: {images: [a]}}}
`

it.each([
  ['a key', [annotation('x/web.allow-tags')], 10],
  ['a word of several lines, not the end of another word', [annotation('x/image-list', 'web=')], 9],
  ['a word that is not there: the key', [annotation('x/image-list', 'api=')], 7],
  ['the first that is there', [annotation('x/none'), annotation('x/web.allow-tags')], 10],
  ['none: the object', [annotation('x/none')], 1],
  ['nothing asked for: the object', [], 1],
  ['in flow', [{ pointer: '/spec/source/kustomize/images/0' }], 11],
])('%s', async (_name, fields, line) => {
  expect(await lineOf(DOCUMENT, fields)).toBe(line)
})

it('counts in the file, behind comments, other documents and CRLF', async () => {
  const text = `# first\n---\n${DOCUMENT}---\n# second\n${DOCUMENT}`
  expect(await lineOf(text, [annotation('x/web.allow-tags')], 0)).toBe(12)
  expect(await lineOf(text, [annotation('x/web.allow-tags')], 1)).toBe(25)
  expect(await lineOf(text.replaceAll('\n', '\r\n'), [annotation('x/web.allow-tags')], 1)).toBe(25)
})

it('finds items of a List, and says nothing of what stands elsewhere through an alias', async () => {
  const list = `apiVersion: v1
kind: List
items:
- apiVersion: argoproj.io/v1alpha1
  kind: Application
  metadata: {name: a, annotations: &rules {x/y: z}}
- apiVersion: argoproj.io/v1alpha1
  kind: Application
  metadata:
    name: b
    annotations: *rules
`
  expect(await lineOf(list, [annotation('x/y')], 0)).toBe(6)
  expect(await lineOf(list, [annotation('x/y')], 1)).toBe(7)
})
