import { describe, expect, it } from 'vitest'
import { cacheCheck } from '../../../src/lib/engine/doctor/cache.ts'
import { clockFindings } from '../../../src/lib/engine/doctor/clock.ts'
import type { Check } from '../../../src/lib/engine/doctor/examine.ts'
import { gitCheck } from '../../../src/lib/engine/doctor/git.ts'
import { isOlder, versionsCheck } from '../../../src/lib/engine/doctor/versions.ts'
import { manageImages } from '../../../src/lib/engine/managed-image.ts'
import { readAnnotationRules } from '../../../src/lib/rules/annotations.ts'
import { applicationOf } from '../world.ts'

async function lines(check: Check): Promise<string[]> {
  const found = await check.run(new AbortController().signal)
  return found.map(({ state, message, remedy }) => `${state}: ${message}${remedy && ` → ${remedy}`}`)
}

describe('versions', () => {
  const programs = {
    own: '1.2.3',
    runtime: 'Node v26.1.0',
    nodeWanted: '>=24.15',
    kubectl: async () => 'v1.36.1',
  }

  it('are those of this program, of Node and of kubectl', async () => {
    expect(await lines(versionsCheck(programs))).toEqual([
      'ok: kubectl image-updater v1.2.3, Node v26.1.0',
      'ok: kubectl v1.36.1',
    ])
  })

  it('warn of an older Node and of a kubectl that is not there', async () => {
    const old = { ...programs, runtime: 'Node v22.3.0', kubectl: async () => undefined }
    expect(await lines(versionsCheck(old))).toEqual([
      'warn: kubectl image-updater v1.2.3, Node v22.3.0: it is made for 24.15 and newer → Install Node 24.15 or newer',
      'warn: kubectl is not in the PATH → Install it, or call this program as kubectl-image_updater',
    ])
  })

  it('are not compared with what Node would have to be, where the runtime is inside', async () => {
    const inside = { ...programs, runtime: 'Bun v1.4.5', nodeWanted: undefined }
    expect(await lines(versionsCheck(inside))).toContain('ok: kubectl image-updater v1.2.3, Bun v1.4.5')
  })

  it.each([
    ['2.29.9', '2.30', true],
    ['2.30.0', '2.30', false],
    ['2.30', '2.30.1', true],
    ['10.0', '9.9', false],
    ['24.15.0-rc.1', '24.15', false],
  ])('%s is older than %s: %s', (a, b, older) => {
    expect(isOlder(a, b)).toBe(older)
  })
})

describe('git', () => {
  const none = Promise.resolve(undefined)

  it.each([
    ['git version 2.45.2 (Apple Git-154)', 'ok: git 2.45.2'],
    ['git version 2.17.1', 'warn: git 2.17.1 is older than 2.30 → Install git 2.30 or newer'],
    [undefined, 'warn: git is not in the PATH → Install git 2.30 or newer'],
  ])('%s', async (output, line) => {
    expect(await lines(gitCheck(async () => output, none))).toEqual([line])
  })

  it('counts the images that would be written there', async () => {
    const rules = { 'image-list': 'a=org/a,b=org/b', 'write-back-method': 'git' }
    const managed = Promise.resolve(manageImages([applicationOf({ rules })], readAnnotationRules))
    const [, line] = await lines(gitCheck(async () => 'git version 2.45.2', managed))
    expect(line).toBe('ok: 2 images with write-back-method git')
  })
})

describe('the clock', () => {
  const told = (clocks: Readonly<Record<string, number>>) =>
    clockFindings(new Map(Object.entries(clocks))).map(
      ({ state, subject, message }) => `${state} ${subject}: ${message}`,
    )

  it('is fine within half a minute of everybody', () => {
    expect(told({ api: -900, 'registry.example.com': 29_000 })).toEqual([
      'ok : this machine agrees with api, registry.example.com to within 30 s',
    ])
  })

  it('is told to be off by whom it is, and which way', () => {
    expect(told({ api: 0, ahead: 45_000, behind: -20 * 60_000 })).toEqual([
      'warn ahead: this machine is 45 s behind ahead: ages of tags are wrong',
      'fail behind: this machine is 20 min ahead of behind: AWS refuses its signatures, and ages of tags are wrong',
    ])
  })

  it('is not judged when nobody told the time', () => {
    expect(told({})).toEqual(['skip : not looked at: no server told the time'])
  })
})

describe('the cache', () => {
  it.each([
    [{ exists: true, open: false, writable: true }, 'ok: /c is writable'],
    [{ exists: false, open: false, writable: true }, 'ok: /c will be made when needed'],
    [{ exists: true, open: true, writable: true }, /^warn: .*other users.* → Run: chmod go-w \/c$/],
    [{ exists: true, open: false, writable: false }, /^warn: \/c cannot be written.* → .*XDG_CACHE_HOME$/],
  ])('%o', async (state, line) => {
    const [found] = await lines(cacheCheck('/c', async () => state))
    expect(found).toEqual(typeof line === 'string' ? line : expect.stringMatching(line))
  })
})
