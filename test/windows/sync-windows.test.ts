import { describe, expect, it } from 'vitest'
import type { Application } from '../../src/lib/application/application.ts'
import type { KubernetesObject } from '../../src/lib/application/kubernetes-object.ts'
import { matchesProjectGlob } from '../../src/lib/windows/project-glob.ts'
import { syncWindowState } from '../../src/lib/windows/sync-windows.ts'

const project = (...syncWindows: unknown[]): KubernetesObject => ({
  metadata: { name: 'prod', namespace: 'argocd' },
  spec: { syncWindows },
})
const shop: Application = {
  metadata: { name: 'shop-eu', namespace: 'argocd' },
  spec: { destination: { namespace: 'shop', server: 'https://eu.example.com:6443' } },
}
const byName: Application = {
  metadata: { name: 'shop-eu', namespace: 'argocd' },
  spec: { destination: { name: 'eu-cluster', namespace: 'shop' } },
}
const NOON = new Date('2026-11-25T12:00:00Z')
const noon = { applications: ['*'], duration: '2h', kind: 'allow', schedule: '0 11 * * *' }
const night = { applications: ['*'], duration: '4h', kind: 'allow', schedule: '0 22 * * *' }
const freeze = { applications: ['*'], duration: '24h', kind: 'deny', schedule: '0 0 25 11 *' }

const stateAtNoon = (windows: unknown[], application = shop) =>
  syncWindowState(project(...windows), application, NOON)

describe('the sync windows of an AppProject', () => {
  it.each<[what: string, windows: object[], open: boolean, manualSync: boolean, reason: string]>([
    ['none', [], true, true, 'AppProject "prod" has no sync windows'],
    [
      'an active allow window',
      [noon],
      true,
      true,
      'AppProject "prod": window 0 11 * * * 2h UTC is open, closes in 60m',
    ],
    [
      'an allow window later',
      [night],
      false,
      false,
      'AppProject "prod": window 0 22 * * * 4h UTC opens in 10h',
    ],
    [
      'an allow window later, but manual syncs pass',
      [{ ...night, manualSync: true }],
      false,
      true,
      'AppProject "prod": window 0 22 * * * 4h UTC opens in 10h',
    ],
    [
      'two allow windows later, of which one lets manual syncs pass',
      [{ ...night, manualSync: true }, night],
      false,
      false,
      'opens in 10h',
    ],
    [
      'an active deny window wins over an active allow window',
      [noon, freeze],
      false,
      false,
      'AppProject "prod": deny window 0 0 25 11 * 24h UTC is active, opens in 23h',
    ],
    [
      'a deny window that lets manual syncs pass',
      [{ ...freeze, manualSync: true }],
      false,
      true,
      'is active, opens in 12h',
    ],
    ['two of which one does', [{ ...freeze, manualSync: true }, freeze], false, false, 'is active'],
    [
      'a deny window later',
      [{ ...freeze, schedule: '0 0 26 11 *' }],
      true,
      true,
      'AppProject "prod": no deny window is active, 0 0 26 11 * 24h UTC begins in 12h',
    ],
    [
      'a time zone',
      [{ ...noon, schedule: '30 12 * * *', timeZone: 'Europe/Berlin' }],
      true,
      true,
      'window 30 12 * * * 2h Europe/Berlin is open',
    ],
    [
      'a time zone inside the schedule',
      [{ ...noon, schedule: 'CRON_TZ=Europe/Berlin 30 12 * * *', timeZone: 'UTC' }],
      true,
      true,
      'window 30 12 * * * 2h Europe/Berlin is open',
    ],
    [
      'windows for others only',
      [
        { ...freeze, applications: ['other'] },
        { kind: 'deny', schedule: '* * * * *', duration: '1h' },
      ],
      true,
      true,
      'no sync window of AppProject "prod" is for this Application',
    ],
  ])('%s', (_, windows, open, manualSync, reason) => {
    const state = stateAtNoon(windows)
    expect(state).toMatchObject({ manualSync, open })
    expect(state.reason).toContain(reason)
  })

  it('tells when it changes', () => {
    expect(stateAtNoon([night]).changesAt).toEqual(new Date('2026-11-25T22:00:00Z'))
  })

  it('takes an AppProject without a spec as one without windows', () => {
    expect(syncWindowState({ metadata: { name: 'default' } }, shop, NOON)).toMatchObject({ open: true })
  })
})

describe('which Applications a window is for', () => {
  const all = { duration: '24h', kind: 'deny', schedule: '0 0 * * *' }
  it.each<[window: object, application: Application, applies: boolean]>([
    [{ applications: ['shop-eu'] }, shop, true],
    [{ applications: ['shop'] }, shop, false],
    [{ applications: ['other', 'shop-*'] }, shop, true],
    [{ namespaces: ['shop'] }, shop, true],
    // The namespace it deploys to, not the one in which it lives.
    [{ namespaces: ['argocd'] }, shop, false],
    [{ clusters: ['https://*'] }, shop, true],
    [{ clusters: ['https://eu.example.com:6443'] }, shop, true],
    [{ clusters: ['eu-*'] }, shop, false],
    [{ clusters: ['eu-*'] }, byName, true],
    [{ clusters: ['in-cluster'], namespaces: ['shop'] }, shop, true],
    [{ andOperator: true, clusters: ['in-cluster'], namespaces: ['shop'] }, shop, false],
    [{ andOperator: true, clusters: ['*'], namespaces: ['shop'] }, shop, true],
    [{ andOperator: true, applications: ['*-eu'] }, shop, true],
    [{ andOperator: true }, shop, false],
    [{ applications: [], namespaces: [] }, shop, false],
    [{ namespaces: ['*'] }, { metadata: { name: 'bare' }, spec: {} }, true],
    [{ clusters: ['?*'] }, { metadata: { name: 'bare' }, spec: {} }, false],
  ])('%j', (window, application, applies) => {
    expect(stateAtNoon([{ ...all, ...window }], application).open).toBe(!applies)
  })
})

describe('a window that cannot be read closes, as nobody knows what was meant', () => {
  it.each<[what: string, window: unknown, problem: string]>([
    ['kind', { ...noon, kind: 'block' }, '"block" is neither allow nor deny'],
    ['no kind', { ...noon, kind: undefined }, '"" is neither allow nor deny'],
    ['schedule', { ...noon, schedule: '0 25 * * *' }, 'the hour "25" is not between 0 and 23'],
    ['nickname', { ...noon, schedule: '@daily' }, '"@daily" is a nickname'],
    ['duration', { ...noon, duration: '1 day' }, '"1 day" is not a duration'],
    ['time zone', { ...noon, timeZone: 'Europe/Berln' }, '"Europe/Berln" is not a time zone'],
    [
      'two time zones',
      { ...noon, schedule: 'TZ=UTC 0 1 * * *', timeZone: 'Europe/Berlin' },
      'a time zone in its schedule and another in timeZone',
    ],
    ['a schedule that is no text', { ...noon, schedule: 5 }, 'spec.syncWindows[0].schedule is not a text'],
    ['manualSync that is no flag', { ...noon, manualSync: 'yes' }, 'manualSync is not true or false'],
    ['lists that are none', { ...noon, applications: 'shop' }, 'applications is not a list'],
    ['a window that is none', 'always', 'spec.syncWindows[0] is not an object'],
  ])('%s', (_, window, problem) => {
    const state = stateAtNoon([window])
    expect(state).toMatchObject({ manualSync: false, open: false })
    expect(state.reason).toMatch(/^AppProject "prod" is in doubt: /)
    expect(state.reason).toContain(problem)
    expect(state.changesAt).toBeUndefined()
  })

  it('names the window by its place', () => {
    expect(stateAtNoon([noon, { ...noon, duration: 'long' }]).reason).toBe(
      'AppProject "prod" is in doubt: spec.syncWindows[1] cannot be read: "long" is not a duration',
    )
  })

  it('is of no account when it is for others', () => {
    const others = { ...noon, applications: ['other'], schedule: 'never' }
    expect(stateAtNoon([noon, others]).open).toBe(true)
  })

  it('also when there are more than anybody would write', () => {
    const state = stateAtNoon(Array.from({ length: 101 }, () => noon))
    expect(state.reason).toBe(
      'AppProject "prod" is in doubt: 101 sync windows for one Application are more than 100',
    )
  })
})

describe('a glob of an AppProject matches like gobwas/glob without separators', () => {
  it.each<[glob: string, matching: string[], others: string[]]>([
    ['*', ['', 'a', 'https://a/b'], []],
    ['**', ['', 'a/b'], []],
    ['shop', ['shop'], ['shop-eu', 'Shop', '']],
    ['shop-?', ['shop-a'], ['shop-', 'shop-ab']],
    ['https://*.example.com*', ['https://eu.example.com:6443'], ['https://eu-example.com']],
    ['[a-c]x', ['ax', 'cx'], ['dx', '-x']],
    ['[!a-c]x', ['dx'], ['ax']],
    ['[^a]x', ['^x', 'ax'], ['bx']],
    ['[abc-]x', ['-x', 'bx'], ['dx']],
    ['{dev,test-*}', ['dev', 'test-1'], ['prod', 'dev,test-1']],
    ['a{b,{c,d}e}f', ['abf', 'acef', 'adef'], ['aef']],
    ['a,b}', ['a,b}'], ['a', 'b']],
    ['\\*', ['*'], ['a']],
    ['a.b+(c)|d$', ['a.b+(c)|d$'], ['axbb(c)', 'd']],
    // Malformed: matches nothing.
    ['{a', [], ['a', '{a']],
    ['[a', [], ['a', '[a']],
    ['[]', [], ['', '[]']],
    ['[z-a]', [], ['z', 'a']],
    ['a\\', [], ['a', 'a\\']],
    ['a'.repeat(2000), [], ['a'.repeat(2000)]],
    [`${'*a'.repeat(300)}b`, [], ['a'.repeat(10_000)]],
    [`${'{a,'.repeat(300)}b${'}'.repeat(300)}`, [], ['c']],
  ])('%s', (glob, matching, others) => {
    expect([...matching, ...others].filter((text) => matchesProjectGlob([glob], text))).toEqual(matching)
  })
})
