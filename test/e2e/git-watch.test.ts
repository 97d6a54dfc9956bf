import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { git } from '../git/plain-git.ts'
import { objections } from '../schema/schema.ts'
import { type GitRepository, type GitWorld, KUSTOMIZATION, startGitWorld } from './world/git-repositories.ts'

// Two polls of the shortest interval, on a busy machine.
vi.setConfig({ testTimeout: 90_000 })

let here: GitWorld

beforeAll(async () => {
  here = await startGitWorld()
})
afterAll(() => here?.close())

async function deployed(name: string): Promise<GitRepository> {
  const gitops = await here.repository({ 'app/kustomization.yaml': KUSTOMIZATION })
  await here.deploy(name, gitops.url, { 'write-back-target': 'kustomization:/app' })
  return gitops
}

describe('watch, where a rule writes to git', () => {
  it.concurrent('pushes once, waits for Argo CD, and is content once it has synced', async () => {
    const gitops = await deployed('shop')
    const watch = here.start('watch', 'shop', '--plain', '--approve', 'auto', '--interval', '10s')
    await watch.until(() => expect(watch.stdout).toContain('shop/web 1.0.0 → 1.1.0 applied: commit'))
    await watch.until(() =>
      expect(watch.stdout).toMatch(
        /shop\/web 1\.0\.0: waits: committed as [0-9a-f]{12}, Argo CD has yet to sync it$/m,
      ),
    )
    here.world.publish({ images: { web: `${here.image}:1.1.0` }, name: 'shop' })
    await here.world.settle()
    await watch.until(() => expect(watch.stdout).toContain('shop/web 1.1.0: up to date'))
    watch.signal('SIGINT')
    expect(await watch.finished).toMatchObject({ code: 130 })
    expect(await gitops.subjects()).toHaveLength(2)
    const pushes = here.server.requests.filter((each) => each === `POST /${gitops.name}/git-receive-pack`)
    expect(pushes).toHaveLength(1)
  })
})

describe('update --wait', () => {
  it.concurrent('follows a commit until Argo CD runs it, and tells it in an Event', async () => {
    const gitops = await deployed('followed')
    const update = here.start('update', 'followed', '--yes', '--wait=60s')
    await update.until(() => expect(update.stdout).toContain(`committed to main of ${gitops.url}, `))
    here.world.publish({ images: { web: `${here.image}:1.1.0` }, name: 'followed' })
    await here.world.settle()
    const { code, stderr } = await update.finished
    expect(stderr).toMatch(/^followed: Healthy$/m)
    expect(code).toBe(0)
    const id = await git(gitops.folder, 'rev-parse', '--short=12', 'main')
    const events = JSON.stringify(await here.world.list('Event', here.world.namespace))
    expect(events).toContain(`1.0.0 → 1.1.0 to main as ${id}`)
  })
})

describe('-o json', () => {
  it.concurrent('of check names the update, and of update its outcome', async () => {
    const gitops = await deployed('json')
    const commit = { branch: 'main', repository: gitops.url, target: 'kustomization in app' }
    const checked = await here.world.run(['check', 'json', '-o', 'json'])
    expect(JSON.parse(checked.stdout)).toMatchObject({
      items: [{ commit: { ...commit, id: null, request: null }, decision: 'update', writes: [] }],
    })
    const updated = await here.run('update', 'json', '--yes', '-o', 'json')
    const id = await git(gitops.folder, 'rev-parse', 'main')
    expect(JSON.parse(updated.stdout)).toMatchObject({
      items: [{ commit: { ...commit, id, request: null }, outcome: 'applied' }],
    })
    const again = await here.run('update', 'json', '--yes', '-o', 'json')
    expect(JSON.parse(again.stdout)).toMatchObject({
      items: [{ commit: { ...commit, id: null }, outcome: 'unchanged' }],
    })
    for (const { stdout } of [checked, updated, again]) expect(objections(JSON.parse(stdout))).toBe('')
    expect(await gitops.subjects()).toHaveLength(2)
  })
})
