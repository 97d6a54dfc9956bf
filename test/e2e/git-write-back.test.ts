import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { git } from '../git/plain-git.ts'
import { BASIC } from '../git/server.ts'
import { type GitWorld, KUSTOMIZATION, startGitWorld } from './world/git-repositories.ts'
import { prefixed } from './world/manifests.ts'

let here: GitWorld

beforeAll(async () => {
  here = await startGitWorld()
})
afterAll(() => here?.close())

describe('update, where a rule writes to git', () => {
  it('shows the diff, and commits nothing in a dry run', async () => {
    const gitops = await here.repository({ 'deploy/kustomization.yaml': KUSTOMIZATION })
    await here.deploy('dry', gitops.url, { 'write-back-target': 'kustomization:/deploy' })
    const { code, stdout } = await here.run('update', 'dry', '--dry-run=client')
    expect(stdout).toContain('-  newTag: 1.0.0   # moved by image-updater')
    expect(stdout).toContain('+  newTag: 1.1.0   # moved by image-updater')
    expect(code).toBe(0)
    expect(await gitops.subjects()).toHaveLength(1)
  })

  it('changes the one value, says in the message what it did, and does it once', async () => {
    const gitops = await here.repository({ 'deploy/kustomization.yaml': KUSTOMIZATION })
    await here.deploy('once', gitops.url, { 'write-back-target': 'kustomization:/deploy' })
    const done = await here.run('update', 'once', '--yes')
    expect(done.stdout).toMatch(
      /^committed to main of .*gitops-\d+\.git, [0-9a-f]{12}: once image web 1\.0\.0 → 1\.1\.0$/m,
    )
    expect(await gitops.show('deploy/kustomization.yaml')).toBe(
      KUSTOMIZATION.replaceAll('IMAGE', here.image).replace('1.0.0', '1.1.0').trimEnd(),
    )
    const message = await git(gitops.folder, 'log', '-1', '--format=%B', 'main')
    expect(message).toContain(`Application: ${here.world.namespace}/once`)
    expect(message).toMatch(/^Image: .*\/web 1\.0\.0 -> 1\.1\.0$/m)
    // Argo CD has not synced it: nothing is pushed again.
    const again = await here.run('update', 'once', '--yes')
    expect(again.stdout).toContain('git says so already, Argo CD has yet to sync it')
    expect(await gitops.subjects()).toHaveLength(2)
  })

  it.each([
    [
      'Helm values',
      'helmvalues:/values.yaml',
      { 'web.helm.image-name': 'image.repository', 'web.helm.image-tag': 'image.tag' },
      'values.yaml',
      'image:\n  repository: IMAGE # where it is\n  tag: "1.0.0"\n',
    ],
    [
      'plain manifests',
      'manifests:/k8s',
      {},
      'k8s/deployment.yaml',
      'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  template:\n    spec:\n      containers:\n      - image: IMAGE:1.0.0 # ours\n        name: web\n',
    ],
  ])('edits %s', async (name, target, rules, path, text) => {
    const application = name.toLowerCase().replaceAll(' ', '-')
    const gitops = await here.repository({ [path]: text })
    await here.deploy(application, gitops.url, { 'write-back-target': target, ...rules })
    const { code, stderr } = await here.run('update', application, '--yes')
    expect({ code, stderr: stderr.replace(/^Context.*\n\n?/, '') }).toEqual({ code: 0, stderr: '' })
    expect(await gitops.show(path)).toBe(
      text.replaceAll('IMAGE', here.image).replace('1.0.0', '1.1.0').trimEnd(),
    )
  })

  it('makes the override file of Argo CD where no target is named', async () => {
    const gitops = await here.repository({ 'README.md': 'gitops\n' })
    await here.deploy('override', gitops.url, {})
    expect(await here.run('update', 'override', '--yes')).toMatchObject({ code: 0 })
    const path = (await git(gitops.folder, 'ls-tree', '-r', '--name-only', 'main')).trim().split('\n')
    expect(path).toContainEqual(expect.stringMatching(/^deploy\/override\/\.argocd-source-.*override\.yaml$/))
    const [file = ''] = path.filter((each) => each.includes('.argocd-source-'))
    expect(await gitops.show(file)).toContain(`${here.image}:1.1.0`)
  })

  it('puts all Applications of a repository into one commit, and one bad file stops no other', async () => {
    const gitops = await here.repository({
      'a/kustomization.yaml': KUSTOMIZATION,
      'b/kustomization.yaml': KUSTOMIZATION,
      'c/kustomization.yaml': 'images: [',
    })
    for (const name of ['a', 'b', 'c']) {
      await here.deploy(`many-${name}`, gitops.url, { 'write-back-target': `kustomization:/${name}` })
    }
    const dry = await here.run('update', 'many-a', 'many-b', 'many-c', '--dry-run=client')
    expect(dry.stderr).toMatch(/error: many-c: .*c\/kustomization\.yaml/)
    expect(dry.code).toBe(1)
    const { code, stderr } = await here.run('update', 'many-a', 'many-b', 'many-c', '--yes')
    expect(stderr).toMatch(/error: many-c: .*c\/kustomization\.yaml/)
    expect(code).toBe(1)
    expect(await gitops.subjects()).toHaveLength(2)
    for (const name of ['a', 'b']) expect(await gitops.show(`${name}/kustomization.yaml`)).toContain('1.1.0')
  })

  it('a colleague who holds the image meanwhile is heeded; --approve auto pushes once', async () => {
    const gitops = await here.repository({ 'deploy/kustomization.yaml': KUSTOMIZATION })
    await here.deploy('held', gitops.url, {
      'web.hold': 'true',
      'write-back-target': 'kustomization:/deploy',
    })
    expect((await here.run('update', 'held', '--yes')).stderr).toContain('held web not updated: held')
    await here.world.edit('Application', here.world.namespace, 'held', {
      metadata: { annotations: prefixed({ 'web.hold': 'false' }) },
    })
    const watched = await here.run('watch', 'held', '--once', '--approve', 'auto')
    expect(watched.stdout).toMatch(/held\/web 1\.0\.0 → 1\.1\.0 applied/)
    expect((await here.run('watch', 'held', '--once', '--approve', 'auto')).stdout).toContain(
      'git says so already',
    )
    expect(await gitops.subjects()).toHaveLength(2)
  })
})

describe('what is wrong with a repository', () => {
  beforeEach(() => {
    here.server.before = async () => {}
  })

  it('is one line, and other Applications go on', async () => {
    const { url } = await here.repository({ 'deploy/kustomization.yaml': KUSTOMIZATION })
    await here.deploy('outside', url, { 'write-back-target': 'kustomization:../../..' })
    await here.deploy('elsewhere', `${here.server.origin}/gone.git`, {
      'write-back-target': 'kustomization:/deploy',
    })
    await here.world.deploy({
      images: { web: `${here.image}:1.0.0` },
      name: 'plain',
      rules: { 'image-list': `web=${here.image}:1.1.x` },
    })
    await here.world.settle()
    const { code, stderr, stdout } = await here.run('update', 'outside', 'elsewhere', 'plain', '--yes')
    expect(stdout).toContain('plain updated: image web 1.0.0 → 1.1.0')
    expect(stderr).toMatch(/outside web not updated: .*it leads out of the repository/)
    expect(stderr).toMatch(/error: .*gone\.git/)
    expect(stderr).not.toContain(BASIC.password)
    expect(code).toBe(1)
  })

  it('a repository that the AppProject does not permit is not asked', async () => {
    await here.deploy('foreign', `${here.server.origin}/forbidden-1.git`, {
      'write-back-target': 'kustomization:/deploy',
    })
    const before = here.server.requests.length
    const { stderr } = await here.run('update', 'foreign', '--yes')
    expect(stderr).toMatch(
      /foreign web not updated: .*sourceRepos of AppProject "default" does not permit it/,
    )
    expect(here.server.requests.length).toBe(before)
  })

  it('without a vouched host nothing is sent to this machine', async () => {
    const { url } = await here.repository({ 'deploy/kustomization.yaml': KUSTOMIZATION })
    await here.deploy('unvouched', url, { 'write-back-target': 'kustomization:/deploy' })
    const before = here.server.requests.length
    const { code, stderr } = await here.world.run(['update', 'unvouched', '--yes'])
    expect(stderr).toContain('--allow-git-host')
    expect(code).toBe(1)
    expect(here.server.requests.length).toBe(before)
  })

  it('a push that comes second is made again on top of the first', async () => {
    const gitops = await here.repository({ 'deploy/kustomization.yaml': KUSTOMIZATION })
    await here.deploy('second', gitops.url, { 'write-back-target': 'kustomization:/deploy' })
    let interfered = false
    here.server.before = async (request) => {
      if (interfered || !request.includes('git-receive-pack') || !request.startsWith('POST')) return
      interfered = true
      const tree = (await git(gitops.folder, 'rev-parse', 'main^{tree}')).trim()
      const commit = (await git(gitops.folder, 'commit-tree', tree, '-p', 'main', '-m', 'a colleague')).trim()
      await git(gitops.folder, 'update-ref', 'refs/heads/main', commit)
    }
    expect(await here.run('update', 'second', '--yes')).toMatchObject({ code: 0 })
    expect((await gitops.subjects())[1]).toBe('a colleague')
    expect(await gitops.show('deploy/kustomization.yaml')).toContain('1.1.0')
  })
})
