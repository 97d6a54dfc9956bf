import { describe, expect, it } from 'vitest'
import { editOverrideFile } from '../../../../src/lib/writeback/git/targets/override-file.ts'
import { image, refusal } from './image-changes.ts'

const FILE = '.argocd-source-shop.yaml'

describe('an override file for Helm', () => {
  const edit = (text: string | undefined, ...images: ReturnType<typeof image>[]) =>
    editOverrideFile(text, images, 'Helm', FILE)

  it('is begun with its parameters sorted', () => {
    const web = image('ghcr.io/org/web:1.20', { helm: { name: 'web.name', tag: 'web.tag' } })
    const api = image('org/api:2', { helm: { spec: 'api' } })
    expect(edit(undefined, web, api)).toBe(`helm:
  parameters:
  - name: api
    value: org/api:2
    forcestring: true
  - name: web.name
    value: ghcr.io/org/web
    forcestring: true
  - name: web.tag
    value: "1.20"
    forcestring: true
`)
  })

  it('keeps comments, unknown keys, and parameters of others', () => {
    const text = `# note
helm:
  releaseName: keep # why
  parameters:
    - name: image.tag   # ours
      value: '1.2.3'
      forcestring: true
    - {name: replicas, value: "2"}

other: 1
`
    expect(edit(text, image('nginx:1.2.4'))).toBe(`# note
helm:
  releaseName: keep # why
  parameters:
    - name: image.name
      value: nginx
      forcestring: true
    - name: image.tag   # ours
      value: '1.2.4'
      forcestring: true
    - {name: replicas, value: "2"}

other: 1
`)
  })

  it('appends where the list is in an order of its own', () => {
    const text = 'helm:\n  parameters:\n  - name: z\n    value: a\n  - name: a\n    value: b\n'
    expect(edit(text, image('org/web:2', { helm: { spec: 'image' } }))).toBe(
      `${text}  - name: image\n    value: org/web:2\n    forcestring: true\n`,
    )
  })

  it('leaves a forceString as it is spelt', () => {
    const text = 'helm:\n  parameters:\n  - name: image\n    value: org/web:1\n    forceString: false\n'
    expect(edit(text, image('org/web:2', { helm: { spec: 'image' } }))).toBe(
      'helm:\n  parameters:\n  - name: image\n    value: org/web:2\n    forceString: true\n',
    )
  })

  it.each([
    ['nothing', ''],
    ['a comment', '# ours\r\n'],
    ['a document start', '---\n'],
    ['a directive', '%YAML 1.2\n---\n'],
  ])('that holds %s keeps it', (_, text) => {
    const edited = edit(text, image('org/web:2', { helm: { spec: 'image' } }))
    expect(edited.startsWith(text)).toBe(true)
    expect(edited).toMatch(/helm:\r?\n {2}parameters:\r?\n {2}- name: image\r?\n/)
  })

  it.each([
    ['random content', `${FILE}: it does not hold keys with values`],
    ['helm: x\n', `${FILE}: helm is not an object but string`],
    ['helm:\n  parameters: x\n', `${FILE}: helm.parameters is not a list but string`],
    ['helm:\n  parameters:\n  - name: 1\n', `${FILE}: helm.parameters[0].name is not a text but number`],
    ['helm: [\n', /^\.argocd-source-shop\.yaml: line \d: /],
    ['a: 1\n---\nb: 1\n', `${FILE}: it holds 2 YAML documents`],
  ])('that says %j is refused', (text, reason) => {
    expect(refusal(() => edit(text, image('nginx:1')))).toMatch(reason)
  })

  it('does not hold two images in one parameter', () => {
    const reason = refusal(() => edit('', image('org/a:1', {}, 'a'), image('org/b:1', {}, 'b')))
    expect(reason).toBe(`${FILE}: image.name: two images want it: a and b`)
  })
})

describe('an override file for kustomize', () => {
  const edit = (text: string, ...images: ReturnType<typeof image>[]) =>
    editOverrideFile(text, images, 'Kustomize', FILE)

  it('replaces the entry of the image and appends others', () => {
    const text = 'kustomize:\n  images:\n  - quay.io/org/web:1 # a\n  namePrefix: x-\n'
    expect(edit(text, image('quay.io/org/web:2'), image('org/new:1', { kustomize: { name: 'base' } }))).toBe(
      'kustomize:\n  images:\n  - quay.io/org/web:2 # a\n  - base=org/new:1\n  namePrefix: x-\n',
    )
  })

  it.each([
    ['of one registry with a port', 'reg:5000/a:1', 'reg:5000/b:2'],
    ['of the same name on two registries', 'quay.io/org/a:1', 'gcr.io/org/a:2'],
  ])('keeps two images %s apart', (_, there, wanted) => {
    expect(edit(`kustomize: {images: ["${there}"]}\n`, image(wanted))).toBe(
      `kustomize: {images: ["${there}", "${wanted}"]}\n`,
    )
  })
})

describe('an override file for a plugin', () => {
  it('holds variables', () => {
    const change = { ...image('org/web:2'), targets: { plugin: { tag: 'TAG', name: 'NAME' } } }
    expect(editOverrideFile(undefined, [change], 'Plugin', FILE)).toBe(
      'plugin:\n  env:\n  - name: NAME\n    value: org/web\n  - name: TAG\n    value: "2"\n',
    )
  })

  it('is refused where the rule names none', () => {
    expect(() => editOverrideFile('', [image('org/web:2')], 'Plugin', FILE)).toThrow(
      expect.objectContaining({ code: 'unsupported-source' }),
    )
  })
})
