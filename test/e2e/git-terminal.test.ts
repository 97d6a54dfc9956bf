import { afterAll, beforeAll, beforeEach, describe, expect, it, type TestContext, vi } from 'vitest'
import { type GitRepository, type GitWorld, KUSTOMIZATION, startGitWorld } from './world/git-repositories.ts'
import { openLive } from './world/live.ts'
import { needs } from './world/requirement.ts'
import { openTerminal, type Terminal } from './world/terminal.ts'

vi.setConfig({ testTimeout: 90_000 })
beforeEach((test) => needs('tmux', test))

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

async function terminal(test: TestContext, ...args: string[]): Promise<Terminal> {
  const opened = await openTerminal(here.world, [...args, ...here.reach])
  test.onTestFinished(() => opened.close())
  return opened
}

const REMOVED = '-  newTag: 1.0.0   # moved by image-updater'
const ADDED = '+  newTag: 1.1.0   # moved by image-updater'

describe('in a terminal', () => {
  it.concurrent('update shows the diff of the file and asks: n pushes nothing, y does', async (test) => {
    const gitops = await deployed('asked')
    const question = `Commit to main of ${gitops.url} (kustomization in app)?`
    const first = await terminal(test, 'update', 'asked')
    await first.shows(question)
    expect(await first.screen()).toContain(REMOVED)
    expect(await first.screen()).toContain(ADDED)
    await first.press('n', 'Enter')
    expect(await first.exitCode()).toBe(0)
    expect(await first.screen()).toContain('Nothing was written')
    expect(await gitops.subjects()).toHaveLength(1)
    expect(here.server.requests).not.toContain(`POST /${gitops.name}/git-receive-pack`)

    const second = await terminal(test, 'update', 'asked')
    await second.shows(question)
    await second.press('y', 'Enter')
    expect(await second.exitCode()).toBe(0)
    expect(await second.screen()).toContain(`committed to main of ${gitops.url}, `)
    expect(await gitops.subjects()).toHaveLength(2)
  })

  it.concurrent('a in the live table shows the diff, asks, and commits', async (test) => {
    const gitops = await deployed('live')
    const live = await openLive(test, here.world, ['live', ...here.reach])
    await live.row('live', /1\.0\.0 .*1\.1\.0/)
    await live.press('a')
    await live.shows(ADDED)
    await live.shows('Commit to main of')
    expect(await gitops.subjects()).toHaveLength(1)
    await live.press('y')
    await vi.waitFor(async () => expect(await gitops.subjects()).toHaveLength(2), {
      interval: 100,
      timeout: 30_000,
    })
    await live.table()
    await live.press('q')
    expect(await live.exitCode()).toBe(0)
    expect(await gitops.changedLines()).toEqual([REMOVED, ADDED])
  })
})
