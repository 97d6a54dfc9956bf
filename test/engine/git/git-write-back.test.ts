import { expect, it } from 'vitest'
import type { Application } from '../../../src/lib/application/application.ts'
import { checkImages } from '../../../src/lib/engine/check.ts'
import { isUpdatable } from '../../../src/lib/engine/checked-image.ts'
import { commitUpdates } from '../../../src/lib/engine/git/commit-updates.ts'
import { gitDoor } from '../../../src/lib/engine/git/git-door.ts'
import { GitWriteBack } from '../../../src/lib/engine/git/git-write-back.ts'
import type { GitAccessFinder } from '../../../src/lib/engine/git-access.ts'
import { findGit } from '../../../src/lib/git/run-git.ts'
import { operator } from '../../git/operator.ts'
import { BASIC } from '../../git/server.ts'
import { type Forge, startForge } from '../../pull-requests/forge.ts'
import { TOKEN } from '../../pull-requests/service-double.ts'
import { FakeClock } from '../../registry/fake-clock.ts'
import { FakeRegistry } from '../fake-registry.ts'
import { contextOf, managed } from '../world.ts'

const registry = new FakeRegistry({ 'org/web': { '1.5.0': {} } })

/** An update of the image web, and what commits it to the forge. */
async function world(rules: Readonly<Record<string, string>> = {}) {
  const forge = await startForge({ 'k/kustomization.yaml': 'images:\n- name: org/web\n  newTag: 1.4.2\n' })
  const written = {
    'git-repository': forge.url,
    'image-list': 'web=org/web',
    'write-back-method': 'git',
    'write-back-target': 'kustomization:/k',
    ...rules,
  }
  const own = managed({ kustomize: ['org/web:1.4.2'], rules: written })
  const git = await writeBackTo(forge)
  const context = { ...contextOf(registry), git: gitDoor({}, async () => git) }
  const rows = await checkImages(context, own)
  return { context, forge, git, images: rows.filter(isUpdatable) }
}

async function writeBackTo({ git, host }: Forge): Promise<GitWriteBack> {
  const { cacheFolder, env } = await operator(git)
  const access = { ...BASIC, source: 'a Secret' }
  return new GitWriteBack({
    access: { find: async () => access, newCycle: () => {} } as unknown as GitAccessFinder,
    change: async () => ({ allowedHosts: [host], cacheFolder, git: await findGit(env, process.platform) }),
    commit: {},
    registryFor: () => registry,
    requests: {
      autoMerge: 'off',
      draft: false,
      labels: [],
      reviewers: [],
      surroundings: { clock: new FakeClock(), env: {}, userAgent: 'test', vouchedHosts: [host] },
      tokens: new Map([[host, TOKEN]]),
    },
    warn: () => {},
  })
}

it('an image in an open pull request waits for its merge, and no other does', async () => {
  const { forge, git, images } = await world({ 'pull-request': 'gitea' })
  const [image] = images
  const key = image?.key ?? ''
  expect(git.waitsForSync(key, 'org/web:1.5.0')).toBe('')
  const { request } = await git.commit(images)
  expect(request).toBe(`http://${forge.api.host}/acme/shop/pulls/1`)
  expect(git.waitsForSync(key, 'org/web:1.5.0')).toBe(`the pull request ${request} waits to be merged`)
  expect(git.waitsForSync(key, 'org/web:1.6.0')).toBe('')
  expect(git.waitsForSync(`${key}-other`, 'org/web:1.5.0')).toBe('')
})

it('nothing is committed where the turn was lost', async () => {
  const { context, git, images } = await world()
  const again = async () => images[0]?.application as Application
  const applications = { ...context.applications, again }
  const options = { barrier: () => 'bob has the lease', dryRun: 'none' } as const
  const outcomes = await commitUpdates({ ...context, applications }, images, options)
  expect(outcomes).toMatchObject([{ reason: 'bob has the lease', state: 'unchanged' }])
  expect(git.waitsForSync(images[0]?.key ?? '', 'org/web:1.5.0')).toBe('')
})

it('an image on the base branch waits for Argo CD', async () => {
  const { git, images } = await world()
  const { commit } = await git.commit(images)
  const key = images[0]?.key ?? ''
  expect(git.waitsForSync(key, 'org/web:1.5.0')).toBe(
    `committed as ${commit.slice(0, 12)}, Argo CD has yet to sync it`,
  )
  const again = await git.commit(images)
  expect(again).toMatchObject({ commit: '', files: [] })
  expect(git.waitsForSync(key, 'org/web:1.5.0')).toBe('git says so already, Argo CD has yet to sync it')
})

it('the preview pushes and opens nothing', async () => {
  const { forge, git, images } = await world({ 'pull-request': 'gitea' })
  const { diff, message } = await git.preview(images)
  expect(diff).toContain('+  newTag: 1.5.0')
  expect(message).toMatch(/^build: update org\/web to 1\.5\.0 in /)
  expect(forge.api.requests).toEqual([])
})
