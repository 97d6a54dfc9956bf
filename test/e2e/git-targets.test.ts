import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { git } from '../git/plain-git.ts'
import { type GitWorld, KUSTOMIZATION, startGitWorld } from './world/git-repositories.ts'
import type { Deployed } from './world/manifests.ts'

let here: GitWorld

beforeAll(async () => {
  here = await startGitWorld()
})
afterAll(() => here?.close())

const VALUES = `# what the chart gets
image:
  name: IMAGE # where it is
  tag: "1.0.0" # which
`
const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: web
        image: "IMAGE:1.0.0"   # ours
      - name: sidecar
        image: IMAGE-sidecar:1.0.0
`
const HELM = { 'web.helm.image-name': 'image.name', 'web.helm.image-tag': 'image.tag' }

interface Case {
  readonly target: string
  readonly file: string
  readonly text: string
  readonly lines: readonly [string, string]
}

const CASES: Readonly<Record<string, Case>> = {
  helmvalues: {
    file: 'values.yaml',
    lines: ['-  tag: "1.0.0" # which', '+  tag: "1.1.0" # which'],
    target: 'helmvalues:/values.yaml',
    text: VALUES,
  },
  kustomization: {
    file: 'app/kustomization.yaml',
    lines: ['-  newTag: 1.0.0   # moved by image-updater', '+  newTag: 1.1.0   # moved by image-updater'],
    target: 'kustomization:/app',
    text: KUSTOMIZATION,
  },
  manifests: {
    file: 'app/deployment.yaml',
    lines: ['-        image: "IMAGE:1.0.0"   # ours', '+        image: "IMAGE:1.1.0"   # ours'],
    target: 'manifests:/app',
    text: DEPLOYMENT,
  },
}
const TYPES = ['Kustomize', 'Helm', 'Directory'] as const

describe('an Application', () => {
  describe.each(TYPES)('of type %s', (sourceType) => {
    it.concurrent.each(Object.entries(CASES))('has one value changed in %s', async (kind, each) => {
      const gitops = await here.repository({ [each.file]: each.text, 'README.md': 'gitops\n' })
      const name = `${kind}-${sourceType.toLowerCase()}`
      await here.deploy(name, gitops.url, { ...HELM, 'write-back-target': each.target }, { sourceType })
      const { code, stderr } = await here.run('update', name, '--yes')
      expect({ code, stderr: stderr.replace(/^Context.*\s*/, '') }).toEqual({ code: 0, stderr: '' })
      // Any other byte, one at the end of the file as well, would be a line here.
      expect(await gitops.changedLines()).toEqual(
        each.lines.map((line) => line.replaceAll('IMAGE', here.image)),
      )
      expect(await git(gitops.folder, 'diff', '--name-only', 'main~1', 'main')).toBe(each.file)
    })
  })

  it.concurrent.each([
    ['Kustomize', 'kustomize:\n  images:\n    - IMAGE:1.0.0 # first\n', '    - IMAGE:1.1.0 # first'],
    [
      'Helm',
      'helm:\n  parameters:\n    - name: image.name\n      value: IMAGE\n      forcestring: true\n    - name: image.tag\n      value: 1.0.0 # first\n      forcestring: true\n',
      '      value: 1.1.0 # first',
    ],
  ] as const)('of type %s keeps the comments of its override file', async (sourceType, text, line) => {
    const name = `override-${sourceType.toLowerCase()}`
    const file = `deploy/${name}/.argocd-source-${here.world.namespace}_${name}.yaml`
    const gitops = await here.repository({ [file]: text })
    await here.deploy(name, gitops.url, HELM, { sourceType })
    expect(await here.run('update', name, '--yes')).toMatchObject({ code: 0 })
    const after = line.replaceAll('IMAGE', here.image)
    expect(await gitops.changedLines()).toEqual([`-${after.replace('1.1.0', '1.0.0')}`, `+${after}`])
  })

  it.concurrent('of type Directory has no override file, and is told what to write instead', async () => {
    const gitops = await here.repository({ 'deploy/plain/deployment.yaml': DEPLOYMENT })
    await here.deploy('plain', gitops.url, {}, { sourceType: 'Directory' })
    const { stderr } = await here.run('update', 'plain', '--yes')
    expect(stderr).toContain('an override file has no effect on plain manifests')
    expect(stderr).toContain('write-back-target: manifests')
    expect(await gitops.subjects()).toHaveLength(1)
  })
})

describe('an Application of a chart, with values in git', () => {
  const several = (url: string): Partial<Deployed> => ({
    source: { helm: { valueFiles: ['$values/shop/values.yaml'] } },
    sourceType: 'Helm',
    valuesSource: { ref: 'values', repoURL: url, targetRevision: 'main' },
  })

  it.concurrent('is committed to the repository of the values, however its URL is written', async () => {
    const gitops = await here.repository({ 'shop/values.yaml': VALUES })
    const otherwise = gitops.url.replace('://', '://somebody@').replace(/\.git$/, '')
    await here.deploy(
      'chart',
      gitops.url,
      { ...HELM, 'write-back-target': 'helmvalues:/shop/values.yaml' },
      several(otherwise),
    )
    const { code, stdout } = await here.run('update', 'chart', '--yes')
    expect(stdout).toContain(`committed to main of ${gitops.url}, `)
    expect(code).toBe(0)
    expect(await gitops.changedLines()).toEqual([...(CASES['helmvalues']?.lines ?? [])])
  })

  it.concurrent('says what to name where the chart alone is known', async () => {
    const gitops = await here.repository({ 'shop/values.yaml': VALUES })
    await here.deploy(
      'nameless',
      '',
      { ...HELM, 'write-back-target': 'helmvalues:/shop/values.yaml' },
      several(gitops.url),
    )
    const { stderr } = await here.run('update', 'nameless', '--yes')
    expect(stderr).toMatch(/nameless web not updated: .*not a git repository to commit to/)
    expect(await gitops.subjects()).toHaveLength(1)
  })
})
