import { describe, expect, it } from 'vitest'
import type { KubernetesObject } from '../../src/lib/application/kubernetes-object.ts'
import { renderObjects } from '../../src/lib/terminal/objects.ts'
import { parseOutputFormat } from '../../src/lib/terminal/output.ts'

const nameOf = ({ metadata }: KubernetesObject) => `thing/${metadata.name}`
const shop = { metadata: { name: 'shop', namespace: 'argocd' } }

describe('objects', () => {
  const other = { metadata: { name: 'other', namespace: 'argocd' } }
  it.each([
    { what: 'one, as JSON', objects: [shop], format: 'json', text: `${JSON.stringify(shop, null, 2)}\n` },
    {
      what: 'several, as a JSON List',
      objects: [shop, other],
      format: 'json',
      text: `${JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [shop, other] }, null, 2)}\n`,
    },
    {
      what: 'several, as documents of YAML',
      objects: [shop, other],
      format: 'yaml',
      text: 'metadata:\n  name: shop\n  namespace: argocd\n---\nmetadata:\n  name: other\n  namespace: argocd\n',
    },
    { what: 'names', objects: [shop, other], format: 'name', text: 'thing/shop\nthing/other\n' },
    { what: 'none', objects: [], format: 'table', text: '' },
    { what: 'none, asked for', objects: [], format: 'yaml', text: 'apiVersion: v1\nkind: List\nitems: []\n' },
  ] as const)('$what', ({ objects, format, text }) => {
    expect(renderObjects(objects, { kind: format }, nameOf)).toBe(text)
  })

  it.each([
    { format: 'jsonpath={.metadata.name}', objects: [shop], text: 'shop\n' },
    { format: 'jsonpath={.items}', objects: [shop], text: '' },
    { format: 'jsonpath={.items[*].metadata.name}', objects: [shop, other], text: 'shop other\n' },
    { format: 'go-template={{.metadata.name}}', objects: [shop], text: 'shop\n' },
    { format: 'jsonpath={.kind}', objects: [], text: 'List\n' },
    { format: 'custom-columns=NAME:.metadata.name', objects: [shop], text: 'NAME\nshop\n' },
    { format: 'custom-columns=NAME:.metadata.name', objects: [shop, other], text: 'NAME\nshop\nother\n' },
  ])('$objects.length with $format', async ({ format, objects, text }) => {
    expect(renderObjects(objects, await parseOutputFormat(format), nameOf)).toBe(text)
  })

  it('have no wide form', () => {
    expect(() => renderObjects([shop], { kind: 'wide' }, nameOf)).toThrow('-o wide is for tables')
  })
})
