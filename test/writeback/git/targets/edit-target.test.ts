import { describe, expect, it } from 'vitest'
import { editTarget } from '../../../../src/lib/writeback/git/targets/edit-target.ts'
import type { Target } from '../../../../src/lib/writeback/git/targets/write-back-target.ts'
import { image, repository } from './image-changes.ts'

const pod = (name: string, text: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec:\n  containers:\n  - image: ${text}\n`

const edit = (
  target: Target,
  files: Readonly<Record<string, string>>,
  ...images: ReturnType<typeof image>[]
) => editTarget(target, { application: 'shop', images, namespace: 'argocd' }, repository(files))

const manifests = { exclude: '', include: '', kind: 'manifests', path: 'apps', recurse: false } as const

describe('an edit of a target', () => {
  it('tells the file before and after, and every value that changes', async () => {
    const before = 'version: &v "1"\nimage:\n  tag: *v\n'
    expect(
      await edit({ kind: 'helmvalues', path: 'a/values.yaml' }, { 'a/values.yaml': before }, image('web:2')),
    ).toEqual([
      {
        after: 'version: &v "2"\nimage:\n  tag: *v\n',
        before,
        fields: [
          { after: '2', before: '1', field: 'version' },
          { after: '2', before: '1', field: 'image.tag' },
        ],
        path: 'a/values.yaml',
      },
    ])
  })

  it('begins a file, and tells its values one by one', async () => {
    const target = { kind: 'override', overrideType: 'Kustomize', path: '.argocd-source-shop.yaml' } as const
    expect(await edit(target, {}, image('org/web:2'))).toEqual([
      {
        after: 'kustomize:\n  images:\n  - org/web:2\n',
        before: undefined,
        fields: [{ after: 'org/web:2', before: '', field: 'kustomize.images[0]' }],
        path: '.argocd-source-shop.yaml',
      },
    ])
  })

  it('tells what is added between others, and not that the others have moved', async () => {
    const files = { o: 'helm:\n  parameters:\n  - name: b\n    value: x\n  - name: d\n    value: y\n' }
    const target = { kind: 'override', overrideType: 'Helm', path: 'o' } as const
    const [edited] = await edit(target, files, image('org/web:2', { helm: { spec: 'c' } }))
    expect(edited?.fields).toEqual([
      { after: 'c', before: '', field: 'helm.parameters[1].name' },
      { after: 'org/web:2', before: '', field: 'helm.parameters[1].value' },
      { after: 'true', before: '', field: 'helm.parameters[1].forcestring' },
    ])
  })

  it('is none where the file says it already, or nothing is to be written', async () => {
    const files = { 'values.yaml': 'image: {tag: "2"}' }
    expect(await edit({ kind: 'helmvalues', path: 'values.yaml' }, files, image('web:2'))).toEqual([])
    expect(await edit({ kind: 'kustomization', folder: 'x' }, files)).toEqual([])
  })
})

describe('the kustomization of a folder', () => {
  it.each([
    [['kustomization.yaml', 'kustomization.yml', 'Kustomization'], 'base/kustomization.yaml'],
    [['Kustomization', 'kustomization.yml'], 'base/kustomization.yml'],
    [['Kustomization'], 'base/Kustomization'],
  ])('of %j is the first', async (names, path) => {
    const files = Object.fromEntries(names.map((name) => [`base/${name}`, 'images: []\n']))
    const [edited] = await edit({ folder: 'base', kind: 'kustomization' }, files, image('web:2'))
    expect(edited?.path).toBe(path)
  })

  it('has to be there', async () => {
    await expect(edit({ folder: 'base', kind: 'kustomization' }, {}, image('web:2'))).rejects.toThrow(
      'base: there is no kustomization.yaml, kustomization.yml, Kustomization',
    )
  })
})

describe('the manifests of a folder', () => {
  const files = {
    'apps/b.yml': pod('b', 'org/web:1'),
    'apps/a.yaml': `${pod('a', 'org/web:1')}---\n${pod('c', 'org/api:1')}`,
    'apps/c.txt': pod('c', 'org/web:1'),
    'apps/deep/d.json': pod('d', 'org/web:1'),
    'other/e.yaml': pod('e', 'org/web:1'),
  }
  const paths = async (target: object) =>
    (await edit({ ...manifests, ...target }, files, image('org/web:2'))).map(({ path }) => path)

  it('are those that Argo CD would render', async () => {
    expect(await paths({})).toEqual(['apps/a.yaml', 'apps/b.yml'])
    expect(await paths({ recurse: true })).toEqual(['apps/a.yaml', 'apps/b.yml', 'apps/deep/d.json'])
    expect(await paths({ exclude: '{b.*,deep/*}', recurse: true })).toEqual(['apps/a.yaml'])
    expect(await paths({ include: '*.json', recurse: true })).toEqual(['apps/deep/d.json'])
    expect(await paths({ path: 'other/e.yaml' })).toEqual(['other/e.yaml'])
    expect(await paths({ path: '.', recurse: true })).toEqual([
      'apps/a.yaml',
      'apps/b.yml',
      'apps/deep/d.json',
      'other/e.yaml',
    ])
  })

  it('say whose image changes', async () => {
    const [first] = await edit(manifests, files, image('org/web:2'))
    expect(first?.fields).toEqual([
      { after: 'org/web:2', before: 'org/web:1', field: 'Pod a: spec.containers[0].image' },
    ])
  })

  it('have to name every image', async () => {
    await expect(edit(manifests, files, image('org/web:2'), image('org/none:2'))).rejects.toMatchObject({
      code: 'image-not-found',
      message: 'apps: no manifest names the image org/none',
    })
  })

  it('cannot have two tags of one image', async () => {
    const [a, b] = [image('org/web:2', {}, 'a'), image('docker.io/org/web:3', {}, 'b')]
    await expect(edit(manifests, files, a, b)).rejects.toThrow(
      'apps: docker.io/org/web: two images want it: a and b',
    )
    expect(await edit(manifests, files, a, { ...b, after: { ...b.after, tag: '2' } })).toHaveLength(2)
  })
})
