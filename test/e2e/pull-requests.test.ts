import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { git } from '../git/plain-git.ts'
import { BASIC } from '../git/server.ts'
import { type Forge, startForge } from '../pull-requests/forge.ts'
import { gitea } from '../pull-requests/gitea-double.ts'
import { TOKEN } from '../pull-requests/service-double.ts'
import { startWorld, type World } from './world/world.ts'

let world: World

beforeAll(async () => {
  world = await startWorld()
  await writeFile(join(world.home, '.gitconfig'), '[user]\n\tname = Ann\n\temail = ann@example.com\n')
  await world.apply({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: 'default', namespace: world.namespace },
    spec: { sourceRepos: ['*'] },
  })
})
afterAll(() => world?.close())

const REVISIONS = { '1.0.0': '1111111', '1.1.0': '2222222', '1.2.0': '3333333' } as const

function push(name: string, tag: keyof typeof REVISIONS): Promise<string> {
  const labels = {
    'org.opencontainers.image.revision': REVISIONS[tag],
    'org.opencontainers.image.source': 'https://github.com/acme/web',
  }
  return world.push(name, tag, { labels })
}

/** An Application whose 1.0.0 runs, with 1.1.0 in the registry, and the forge that has its kustomization. */
async function shop(name: string, rules: Readonly<Record<string, string>> = { 'pull-request': 'gitea' }) {
  const image = world.repository(name)
  await push(name, '1.0.0')
  await push(name, '1.1.0')
  const forge = await startForge({
    'deploy/kustomization.yaml': `images:\n- name: web\n  newName: ${image}\n  newTag: 1.0.0 # ours\n`,
  })
  await world.apply({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      labels: { 'argocd.argoproj.io/secret-type': 'repo-creds' },
      name,
      namespace: world.namespace,
    },
    stringData: { password: BASIC.password, url: forge.origin, username: BASIC.username },
    type: 'Opaque',
  })
  await world.deploy({
    images: { web: `${image}:1.0.0` },
    name,
    rules: {
      'git-repository': forge.url,
      'image-list': `web=${image}:1.x`,
      'write-back-method': 'git',
      'write-back-target': 'kustomization:/deploy',
      ...rules,
    },
  })
  await world.settle()
  const flags = ['--allow-git-host', forge.host, '--pull-request-token-env', `${forge.host}=FORGE_TOKEN`]
  const run = (...args: string[]) => world.run([...args, ...flags], { env: { FORGE_TOKEN: TOKEN } })
  return { forge, run }
}

const tagAt = async ({ folder }: Forge, branch: string) =>
  /newTag: (\S+)/.exec(await git(folder, 'show', `${branch}:deploy/kustomization.yaml`))?.[1]
const branches = async ({ folder }: Forge) =>
  (await git(folder, 'for-each-ref', '--format=%(refname:short)', 'refs/heads')).trim().split('\n').sort()
const tip = async ({ folder }: Forge, branch: string) => (await git(folder, 'rev-parse', branch)).trim()
const urlOf = ({ api }: Forge, number: number) => `http://${api.host}/acme/shop/pulls/${number}`

it('is opened once, brought up to date by a newer version, and leaves the base alone', async () => {
  const { forge, run } = await shop('opened')
  const base = await tip(forge, 'main')
  const first = await run('update', 'opened', '--yes', '--pull-request-label', 'images')
  expect(first.stderr).not.toContain('error')
  const [branch = ''] = await branches(forge)
  expect(branch).toMatch(/^image-updater-[0-9a-f]+$/)
  expect(first.stdout).toMatch(
    new RegExp(
      `^committed to ${branch} of .*, [0-9a-f]{12}: opened image web 1\\.0\\.0 → 1\\.1\\.0, ${urlOf(forge, 1)}$`,
      'm',
    ),
  )
  expect(first.code).toBe(0)
  expect(forge.api.state.pulls).toMatchObject([
    { base: 'main', head: branch, labels: ['images'], open: true },
  ])
  const [pull] = forge.api.state.pulls
  expect(pull?.body).toMatch(/\|.*1\.0\.0.*\|.*1\.1\.0.*\|/)
  expect(pull?.body).toContain('https://github.com/acme/web/compare/1111111...2222222')
  expect(await tagAt(forge, branch)).toBe('1.1.0')

  // Nothing new: nothing is written, neither to git nor to the forge.
  const pushed = await tip(forge, branch)
  const writes = forge.api.writes().length
  const second = await run('update', 'opened', '--yes', '--pull-request-label', 'images')
  expect(second.stdout).toContain(`the pull request ${urlOf(forge, 1)} waits to be merged`)
  expect({ code: second.code, writes: forge.api.writes().length }).toEqual({ code: 0, writes })
  expect(await tip(forge, branch)).toBe(pushed)

  await push('opened', '1.2.0')
  const third = await run('watch', 'opened', '--once', '--approve', 'auto', '--pull-request-label', 'images')
  expect(third.stdout).toMatch(/opened\/web 1\.0\.0 → 1\.2\.0 applied/)
  expect(forge.api.state.pulls).toHaveLength(1)
  expect(pull?.body).toContain('https://github.com/acme/web/compare/1111111...3333333')
  expect(pull?.body).not.toContain('1.1.0')
  expect(await tagAt(forge, branch)).toBe('1.2.0')
  expect(await branches(forge)).toEqual([branch, 'main'])
  expect({ base: await tip(forge, 'main'), tag: await tagAt(forge, 'main') }).toEqual({ base, tag: '1.0.0' })
})

it('is opened by a later run where the forge refused, although the branch is there', async () => {
  const { forge, run } = await shop('refused')
  forge.api.intercept = ({ method }) => (method === 'POST' ? gitea.forbidden : undefined)
  const refused = await run('update', 'refused', '--yes')
  expect(refused.code).toBe(1)
  expect(refused.stderr.split('\n').filter((line) => line.startsWith('error:'))).toEqual([
    expect.stringMatching(/^error: .*refused.*gitea.*/i),
  ])
  expect(refused.stderr).not.toContain(TOKEN)
  const [branch = ''] = await branches(forge)
  const pushed = await tip(forge, branch)
  forge.api.intercept = () => undefined
  const later = await run('update', 'refused', '--yes')
  expect(later.stdout).toContain(`the pull request ${urlOf(forge, 1)} waits to be merged`)
  expect(later.code).toBe(0)
  expect(forge.api.state.pulls).toMatchObject([{ head: branch, open: true }])
  expect(await tip(forge, branch)).toBe(pushed)
})

it.each([
  ['and its branch deleted', true],
  ['and its branch left', false],
])('is not opened again once it is merged %s', async (_, deleted) => {
  const name = deleted ? 'merged-gone' : 'merged-left'
  const { forge, run } = await shop(name)
  expect(await run('update', name, '--yes')).toMatchObject({ code: 0 })
  const [branch = ''] = await branches(forge)
  await git(forge.folder, 'update-ref', 'refs/heads/main', branch)
  if (deleted) await git(forge.folder, 'update-ref', '-d', `refs/heads/${branch}`)
  for (const pull of forge.api.state.pulls) pull.open = false
  const writes = forge.api.writes().length
  const again = await run('update', name, '--yes')
  expect(again.stdout).toContain('git says so already, Argo CD has yet to sync it')
  expect({ code: again.code, writes: forge.api.writes().length }).toEqual({ code: 0, writes })
})

it('--pull-request makes one for rules that ask for none, and says so before', async () => {
  const { forge, run } = await shop('asked', {})
  const explained = await run('update', 'asked', '--dry-run=client', '--pull-request', 'gitea')
  expect(explained.stdout).toContain('+  newTag: 1.1.0 # ours')
  expect(explained.stdout).toContain('a branch of its own, for a pull request to main of')
  expect(await run('update', 'asked', '--yes', '--pull-request', 'gitea')).toMatchObject({ code: 0 })
  expect(forge.api.state.pulls).toHaveLength(1)
  expect(await tagAt(forge, 'main')).toBe('1.0.0')
})

it('a service that cannot be at that place is refused before anything is pushed', async () => {
  const { forge, run } = await shop('azure', { 'pull-request': 'azure' })
  const { code, stderr } = await run('update', 'azure', '--yes')
  expect(stderr).toMatch(/error: .*names no project and repository of Azure DevOps/)
  expect(code).toBe(1)
  expect(await branches(forge)).toEqual(['main'])
})
