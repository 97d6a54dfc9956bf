import { describe, expect, it } from 'vitest'
import type { Application } from '../../src/lib/application/application.ts'
import type { ProjectRead } from '../../src/lib/cluster/projects.ts'
import { windowGates } from '../../src/lib/engine/window-gate.ts'
import { parseUpdateWindows } from '../../src/lib/windows/update-window.ts'

const NOW = new Date('2026-11-25T12:00:00Z')
const shop: Application = { metadata: { name: 'shop', namespace: 'argocd' }, spec: {} }
const projectWith = (...syncWindows: unknown[]): ProjectRead => ({
  project: { metadata: { name: 'prod' }, spec: { syncWindows } },
})
const unread = (reason: string, problem: string): ProjectRead => ({
  problem: { kind: 'AppProject', name: 'prod', namespace: 'argocd', problem, reason, remedy: '' },
})
const night = { applications: ['*'], duration: '4h', kind: 'allow', schedule: '0 22 * * *' }

describe('the gates of time', () => {
  it('are open without windows', () => {
    expect(windowGates(undefined, projectWith(), shop, NOW)).toEqual([
      { name: 'sync-window', reason: 'AppProject "prod" has no sync windows', verdict: 'ok' },
    ])
  })

  it('wait until both are open, each with its own time', () => {
    const windows = parseUpdateWindows('0 20 * * * 4h')
    expect(windowGates(windows, projectWith(night), shop, NOW)).toEqual([
      {
        name: 'update-window',
        reason: 'window 0 20 * * * 4h UTC opens in 8h',
        until: new Date('2026-11-25T20:00:00Z'),
        verdict: 'wait',
      },
      {
        name: 'sync-window',
        reason: 'AppProject "prod": window 0 22 * * * 4h UTC opens in 10h',
        until: new Date('2026-11-25T22:00:00Z'),
        verdict: 'wait',
      },
    ])
  })

  it('are open while a window is, with no time to wait for', () => {
    const [gate] = windowGates(parseUpdateWindows('0 11 * * * 4h'), undefined, shop, NOW)
    expect(gate).toEqual({
      name: 'update-window',
      reason: 'window 0 11 * * * 4h UTC is open, closes in 3h',
      verdict: 'ok',
    })
  })

  it('wait without an end where a sync window cannot be read', () => {
    const [gate] = windowGates(undefined, projectWith({ ...night, schedule: 'at night' }), shop, NOW)
    expect(gate).toMatchObject({ name: 'sync-window', verdict: 'wait' })
    expect(gate?.reason).toContain('spec.syncWindows[0] cannot be read')
    expect(gate).not.toHaveProperty('until')
  })

  it.each<[project: ProjectRead, gate: object]>([
    [unread('NotFound', 'not found'), { reason: 'there is no AppProject "prod"', verdict: 'ok' }],
    [unread('NoSuchResourceType', 'no type'), { reason: 'there is no AppProject "prod"', verdict: 'ok' }],
    [
      unread('Forbidden', 'User "dev" cannot get it'),
      {
        reason: 'sync windows are not known, the AppProject cannot be read: User "dev" cannot get it',
        verdict: 'warning',
      },
    ],
    [unread('Broken', 'spec.project is not a text'), { verdict: 'warning' }],
  ])('stop nobody who cannot read the AppProject: %j', (project, gate) => {
    expect(windowGates(undefined, project, shop, NOW)[0]).toMatchObject({ name: 'sync-window', ...gate })
  })

  it('ask for no AppProject where there is no cluster', () => {
    expect(windowGates(undefined, undefined, shop, NOW)).toEqual([])
  })
})
