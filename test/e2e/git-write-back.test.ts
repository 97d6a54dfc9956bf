import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { git } from '../git/plain-git.ts'
import { BASIC, type GitServer, startGitServer } from '../git/server.ts'
import { prefixed } from './world/manifests.ts'
import { startWorld, type World } from './world/world.ts'

let world: World
let server: GitServer
let image: string

beforeAll(async () => {
  ;[world, server] = await Promise.all([startWorld(), startGitServer()])
  image = world.repository('web')
  await writeFile(join(world.home, '.gitconfig'), '[user]\n\tname = Ann\n\temail = ann@example.com\n')
  for (const tag of ['1.0.0', '1.1.0', '1.2.0']) await world.push('web', tag)
  await world.apply({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: 'default', namespace: world.namespace },
    spec: { sourceRepos: [`${server.origin}/*`, '!*/forbidden-*'] },
  })
  await world.apply({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      labels: { 'argocd.argoproj.io/secret-type': 'repo-creds' },
      name: 'git',
      namespace: world.namespace,
    },
    stringData: { password: BASIC.password, url: server.origin, username: BASIC.username },
    type: 'Opaque',
  })
})
afterAll(async () => {
  await world?.close()
  await server?.[Symbol.asyncDispose]()
})

const KUSTOMIZATION = `# what runs in production
images:
- name: web # ours
  newName: IMAGE
  newTag: 1.0.0   # moved by image-updater
resources:
- deployment.yaml
`
let number = 0
/** A repository of its own, and the folder of its bare clone. */
async function repository(files: Readonly<Record<string, string>>): Promise<{ url: string; folder: string }> {
  number += 1
  const name = `gitops-${number}.git`
  const texts = Object.fromEntries(
    Object.entries(files).map(([path, text]) => [path, text.replaceAll('IMAGE', image)]),
  )
  const folder = await server.createRepository(name, texts)
  return { folder, url: `${server.origin}/${name}` }
}

async function deploy(name: string, url: string, rules: Readonly<Record<string, string>>): Promise<void> {
  await world.deploy({
    images: { web: `${image}:1.0.0` },
    name,
    rules: {
      'git-repository': url,
      'image-list': `web=${image}:1.1.x`,
      'write-back-method': 'git',
      ...rules,
    },
  })
  await world.settle()
}

const host = () => new URL(server.origin).host
const run = (...args: string[]) => world.run([...args, '--allow-git-host', host()])
const show = (folder: string, path: string) => git(folder, 'show', `main:${path}`)
const subjects = async (folder: string, branch = 'main') =>
  (await git(folder, 'log', '--format=%s', branch)).trim().split('\n')

describe('update, where a rule writes to git', () => {
  it('shows the diff, and commits nothing in a dry run', async () => {
    const { folder, url } = await repository({ 'deploy/kustomization.yaml': KUSTOMIZATION })
    await deploy('dry', url, { 'write-back-target': 'kustomization:/deploy' })
    const { code, stdout } = await run('update', 'dry', '--dry-run=client')
    expect(stdout).toContain('-  newTag: 1.0.0   # moved by image-updater')
    expect(stdout).toContain('+  newTag: 1.1.0   # moved by image-updater')
    expect(code).toBe(0)
    expect(await subjects(folder)).toHaveLength(1)
  })

  it('changes the one value, says in the message what it did, and does it once', async () => {
    const { folder, url } = await repository({ 'deploy/kustomization.yaml': KUSTOMIZATION })
    await deploy('once', url, { 'write-back-target': 'kustomization:/deploy' })
    const done = await run('update', 'once', '--yes')
    expect(done.stdout).toMatch(
      /^committed to main of .*gitops-\d+\.git, [0-9a-f]{12}: once image web 1\.0\.0 → 1\.1\.0$/m,
    )
    expect(await show(folder, 'deploy/kustomization.yaml')).toBe(
      KUSTOMIZATION.replaceAll('IMAGE', image).replace('1.0.0', '1.1.0').trimEnd(),
    )
    const message = await git(folder, 'log', '-1', '--format=%B', 'main')
    expect(message).toContain(`Application: ${world.namespace}/once`)
    expect(message).toMatch(/^Image: .*\/web 1\.0\.0 -> 1\.1\.0$/m)
    // Argo CD has not synced it: nothing is pushed again.
    const again = await run('update', 'once', '--yes')
    expect(again.stdout).toContain('git says so already, Argo CD has yet to sync it')
    expect(await subjects(folder)).toHaveLength(2)
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
    const { folder, url } = await repository({ [path]: text })
    await deploy(application, url, { 'write-back-target': target, ...rules })
    const { code, stderr } = await run('update', application, '--yes')
    expect({ code, stderr: stderr.replace(/^Context.*\n\n?/, '') }).toEqual({ code: 0, stderr: '' })
    expect(await show(folder, path)).toBe(text.replaceAll('IMAGE', image).replace('1.0.0', '1.1.0').trimEnd())
  })

  it('makes the override file of Argo CD where no target is named', async () => {
    const { folder, url } = await repository({ 'README.md': 'gitops\n' })
    await deploy('override', url, {})
    expect(await run('update', 'override', '--yes')).toMatchObject({ code: 0 })
    const path = (await git(folder, 'ls-tree', '-r', '--name-only', 'main')).trim().split('\n')
    expect(path).toContainEqual(expect.stringMatching(/^deploy\/override\/\.argocd-source-.*override\.yaml$/))
    const [file = ''] = path.filter((each) => each.includes('.argocd-source-'))
    expect(await show(folder, file)).toContain(`${image}:1.1.0`)
  })

  it('puts all Applications of a repository into one commit, and one bad file stops no other', async () => {
    const { folder, url } = await repository({
      'a/kustomization.yaml': KUSTOMIZATION,
      'b/kustomization.yaml': KUSTOMIZATION,
      'c/kustomization.yaml': 'images: [',
    })
    for (const name of ['a', 'b', 'c']) {
      await deploy(`many-${name}`, url, { 'write-back-target': `kustomization:/${name}` })
    }
    const { code, stderr } = await run('update', 'many-a', 'many-b', 'many-c', '--yes')
    expect(stderr).toMatch(/error: many-c: .*c\/kustomization\.yaml/)
    expect(code).toBe(1)
    expect(await subjects(folder)).toHaveLength(2)
    for (const name of ['a', 'b']) expect(await show(folder, `${name}/kustomization.yaml`)).toContain('1.1.0')
  })

  it('a colleague who holds the image meanwhile is heeded; --approve auto pushes once', async () => {
    const { folder, url } = await repository({ 'deploy/kustomization.yaml': KUSTOMIZATION })
    await deploy('held', url, { 'web.hold': 'true', 'write-back-target': 'kustomization:/deploy' })
    expect((await run('update', 'held', '--yes')).stderr).toContain('held web not updated: held')
    await world.edit('Application', world.namespace, 'held', {
      metadata: { annotations: prefixed({ 'web.hold': 'false' }) },
    })
    const watched = await run('watch', 'held', '--once', '--approve', 'auto')
    expect(watched.stdout).toMatch(/held\/web 1\.0\.0 → 1\.1\.0 applied/)
    expect((await run('watch', 'held', '--once', '--approve', 'auto')).stdout).toContain(
      'git says so already',
    )
    expect(await subjects(folder)).toHaveLength(2)
  })
})

describe('what is wrong with a repository', () => {
  beforeEach(() => {
    server.before = async () => {}
  })

  it('is one line, and other Applications go on', async () => {
    const { url } = await repository({ 'deploy/kustomization.yaml': KUSTOMIZATION })
    await deploy('outside', url, { 'write-back-target': 'kustomization:../../..' })
    await deploy('elsewhere', `${server.origin}/gone.git`, { 'write-back-target': 'kustomization:/deploy' })
    await world.deploy({
      images: { web: `${image}:1.0.0` },
      name: 'plain',
      rules: { 'image-list': `web=${image}:1.1.x` },
    })
    await world.settle()
    const { code, stderr, stdout } = await run('update', 'outside', 'elsewhere', 'plain', '--yes')
    expect(stdout).toContain('plain updated: image web 1.0.0 → 1.1.0')
    expect(stderr).toMatch(/outside web not updated: .*it leads out of the repository/)
    expect(stderr).toMatch(/error: .*gone\.git/)
    expect(stderr).not.toContain(BASIC.password)
    expect(code).toBe(1)
  })

  it('a repository that the AppProject does not permit is not asked', async () => {
    await deploy('foreign', `${server.origin}/forbidden-1.git`, {
      'write-back-target': 'kustomization:/deploy',
    })
    const before = server.requests.length
    const { stderr } = await run('update', 'foreign', '--yes')
    expect(stderr).toMatch(
      /foreign web not updated: .*sourceRepos of AppProject "default" does not permit it/,
    )
    expect(server.requests.length).toBe(before)
  })

  it('without a vouched host nothing is sent to this machine', async () => {
    const { url } = await repository({ 'deploy/kustomization.yaml': KUSTOMIZATION })
    await deploy('unvouched', url, { 'write-back-target': 'kustomization:/deploy' })
    const before = server.requests.length
    const { code, stderr } = await world.run(['update', 'unvouched', '--yes'])
    expect(stderr).toContain('--allow-git-host')
    expect(code).toBe(1)
    expect(server.requests.length).toBe(before)
  })

  it('a push that comes second is made again on top of the first', async () => {
    const { folder, url } = await repository({ 'deploy/kustomization.yaml': KUSTOMIZATION })
    await deploy('second', url, { 'write-back-target': 'kustomization:/deploy' })
    let interfered = false
    server.before = async (request) => {
      if (interfered || !request.includes('git-receive-pack') || !request.startsWith('POST')) return
      interfered = true
      const tree = (await git(folder, 'rev-parse', 'main^{tree}')).trim()
      const commit = (await git(folder, 'commit-tree', tree, '-p', 'main', '-m', 'a colleague')).trim()
      await git(folder, 'update-ref', 'refs/heads/main', commit)
    }
    expect(await run('update', 'second', '--yes')).toMatchObject({ code: 0 })
    expect((await subjects(folder))[1]).toBe('a colleague')
    expect(await show(folder, 'deploy/kustomization.yaml')).toContain('1.1.0')
  })
})
