import { describe, expect, it } from 'vitest'
import { editKustomization } from '../../../../src/lib/writeback/git/targets/kustomization.ts'
import { image, refusal } from './image-changes.ts'

const DIGEST = `sha256:${'a'.repeat(64)}`
const edit = (text: string, ...images: ReturnType<typeof image>[]) =>
  editKustomization(text, images, 'kustomization.yaml')

describe('the images of a kustomization', () => {
  it.each([
    [
      'a tag',
      'images:\n- name: org/web\n  newTag: "1"\n',
      'org/web:2',
      'images:\n- name: org/web\n  newTag: "2"\n',
    ],
    [
      'a number that is no text',
      'images:\n- newTag: 1.5\n  name: web\n',
      'web:1.20',
      'images:\n- newTag: "1.20"\n  name: web\n',
    ],
    [
      'Docker Hub however it is spelt',
      'images:\n- name: docker.io/library/nginx\n  newTag: a\n',
      'nginx:b',
      'images:\n- name: docker.io/library/nginx\n  newTag: b\n',
    ],
    [
      'a digest besides the tag',
      'images:\n- name: web\n  newTag: a\n',
      `web:b@${DIGEST}`,
      `images:\n- name: web\n  newTag: b\n  digest: ${DIGEST}\n`,
    ],
    [
      'a tag in the place of a digest',
      `images:\n- name: web\n  digest: ${DIGEST}\n  newTag: a\n`,
      'web:b',
      'images:\n- name: web\n  newTag: b\n',
    ],
    [
      'a digest in the place of a tag',
      'images:\n- name: web\n  newTag: a\n',
      `web@${DIGEST}`,
      `images:\n- name: web\n  digest: ${DIGEST}\n`,
    ],
    [
      'an image that has taken the place of another',
      'images:\n- name: base\n  newName: ghcr.io/org/web\n  newTag: a\n',
      'ghcr.io/org/web:b',
      'images:\n- name: base\n  newName: ghcr.io/org/web\n  newTag: b\n',
    ],
    [
      'an entry in braces',
      'images: [{name: web, newTag: a}]\n',
      'web:b',
      'images: [{name: web, newTag: b}]\n',
    ],
  ])('take %s', (_, text, wanted, expected) => expect(edit(text, image(wanted))).toBe(expected))

  it('take a new name for the one that the rule gives', () => {
    const web = image('ghcr.io/org/web:2', { kustomize: { name: 'web' } })
    expect(edit('images:\n  - name: web\n', web)).toBe(
      'images:\n  - name: web\n    newName: ghcr.io/org/web\n    newTag: "2"\n',
    )
  })

  it.each([
    ['of one registry with a port', 'reg:5000/a', 'reg:5000/b:2'],
    ['of the same name on two registries', 'quay.io/org/a', 'gcr.io/org/a:2'],
  ])('keep two images %s apart', (_, there, wanted) => {
    const text = `images:\n- name: ${there}\n  newTag: x\n`
    const [name, tag] = wanted.split(/:(?=\d$)/)
    expect(edit(text, image(wanted))).toBe(`${text}- name: ${name}\n  newTag: "${tag}"\n`)
  })

  it('are begun where there are none, as the rest of the file is written', () => {
    const text = '%YAML 1.2\n---\n# base\r\nresources:\r\n    - a.yaml\r\n'
    expect(edit(text, image('org/web:v2'))).toBe(
      `${text}images:\r\n    - name: org/web\r\n      newTag: v2\r\n`,
    )
    expect(edit('', image('org/web:v2'))).toBe('images:\n- name: org/web\n  newTag: v2\n')
  })

  it('stay byte for byte when they say it already', () => {
    const text = `images:   \n-   newTag: 'b'\n    name: "web"`
    expect(edit(text, image('web:b'))).toBe(text)
  })

  it.each([
    [
      'images:\n- name: web\n  newName: mirror/web\n',
      /^kustomization.yaml: images\[0\]: web is replaced by mirror\/web there/,
    ],
    ['images: x\n', /images is not a list but string/],
    [
      'images: &a\n- name: web\nother: *a\n',
      /images\[web\]: the value is used elsewhere too, through the anchor &a/,
    ],
    ['a: 1\n---\nb: 1\n', /it holds 2 YAML documents/],
    ['- a\n', /it does not hold keys with values/],
  ])('%j is refused', (text, reason) => expect(refusal(() => edit(text, image('web:2')))).toMatch(reason))

  it('are not fought over', () => {
    const reason = refusal(() => edit('', image('web:1', {}, 'a'), image('web:2', {}, 'b')))
    expect(reason).toBe('kustomization.yaml: web: two images want it: a and b')
  })
})
