import { describe, expect, it } from 'vitest'
import type { ApplicationOwner } from '../../src/lib/application/owners.ts'
import { runningImages } from '../../src/lib/application/running-images.ts'
import type { Gate, GateFacts, Place } from '../../src/lib/engine/gate.ts'
import { decide } from './decided.ts'
import { type ApplicationText, managedOne } from './world.ts'

const SET: ApplicationOwner = {
  certain: true,
  kind: 'ApplicationSet',
  knownBy: 'ownerReferences',
  name: 'shops',
}
const ROOT: ApplicationOwner = {
  certain: true,
  kind: 'Application',
  knownBy: 'annotation argocd.argoproj.io/tracking-id',
  name: 'root',
}

/** Every gate of the step from 1.4.2 to 1.5.0, as `name verdict: reason`. */
function gates(
  text: ApplicationText,
  winner = '1.5.0',
  owners: readonly ApplicationOwner[] = [],
  place: Place = 'spec',
  facts: Partial<GateFacts> = {},
): string[] {
  const { application, rule } = managedOne({ live: ['org/web:1.4.2'], ...text })
  const running = { firstSeenDigest: '', images: runningImages(application, rule), pods: undefined }
  const decision = decide(rule, running, { digest: '', manifests: [], tag: winner }, place, owners, facts)
  const found: readonly Gate[] = 'gates' in decision ? decision.gates : []
  return found.map(({ name, verdict, reason }) => `${name} ${verdict}: ${reason}`)
}

const SEMVER = { 'image-list': 'web=org/web' }

describe('every gate is asked and answers with a reason', () => {
  it('lets a step up through', () => {
    expect(gates({ rules: SEMVER })).toEqual([
      'direction ok: 1.4.2 → 1.5.0 is a step up (minor)',
      'place ok: spec.source takes it (Kustomize)',
      'write-back ok: write-back-method argocd patches the Application',
    ])
  })

  it.each([
    [
      'what the spec says goes before git',
      ['org/web:1.4.2'],
      false,
      /^write-back warning: .* commits to main of r, and spec\.source overrides it with 1\.4\.2: take that out, or git is not heeded$/,
    ],
    [
      'an override file goes before the spec',
      ['org/web:1.4.2'],
      true,
      /^write-back ok: write-back-method git commits to main of r$/,
    ],
    ['the spec says nothing', undefined, false, /^write-back ok: /],
  ] as const)('tells of a commit: %s', (_, kustomize, overridesSpec, line) => {
    const git = { overridesSpec, problem: '', words: 'main of r' }
    const text = { rules: { ...SEMVER, 'write-back-method': 'git' }, ...(kustomize && { kustomize }) }
    expect(gates(text, '1.5.0', [], 'git', { git }).at(-1)).toMatch(line)
  })

  it('stops a step down, and asks the other gates all the same', () => {
    expect(gates({ rules: { ...SEMVER, 'write-back-method': 'git' } }, '1.4.1')).toEqual([
      'direction stop: the newest allowed tag 1.4.1 is older than the running 1.4.2: nothing is downgraded unasked',
      'place ok: spec.source takes it (Kustomize)',
      'write-back stop: write-back-method git needs a cluster: with -f nothing is committed',
    ])
  })

  it.each<[string, string, ApplicationText, string]>([
    [
      'a step down that is allowed',
      'direction ok: 1.4.1 is older than 1.4.2, and allow-downgrade is set',
      { rules: { ...SEMVER, 'allow-downgrade': 'true' } },
      '1.4.1',
    ],
    [
      'another spelling of one version',
      'direction ok: 1.4.2 → v1.4.2 is no step between versions',
      { rules: SEMVER },
      'v1.4.2',
    ],
    [
      'a strategy without versions',
      'direction ok: alphabetical compares no versions',
      { rules: { ...SEMVER, 'web.update-strategy': 'alphabetical' } },
      'b',
    ],
    [
      'nothing runs yet',
      'direction ok: no other tag takes the place of one that runs',
      { live: [], rules: { ...SEMVER, 'web.force-update': 'true' } },
      '1.5.0',
    ],
  ])('direction, %s', (_name, expected, text, winner) => {
    expect(gates(text, winner)[0]).toBe(expected)
  })

  it('says that plain manifests take no tag', () => {
    expect(gates({ rules: SEMVER, sourceType: 'Directory' }, '1.5.0', [], 'workloads')[1]).toBe(
      'place stop: a plain manifest names the tag 1.4.2: moving to 1.5.0 needs a change in git',
    )
  })
})

describe('an owner is named with the way out', () => {
  it('an ApplicationSet puts its spec back', () => {
    expect(gates({ rules: SEMVER }, '1.5.0', [SET]).at(-1)).toBe(
      'owner warning: ApplicationSet "shops" (ownerReferences) generates it and puts its own spec back, unless it has ignoreApplicationDifferences: [{jsonPointers: [/spec/source/kustomize/images]}]',
    )
  })

  it('an app of apps puts its spec back when it syncs', () => {
    expect(gates({ rules: SEMVER }, '1.5.0', [ROOT]).at(-1)).toBe(
      'owner warning: Application "root" (annotation argocd.argoproj.io/tracking-id) deploys it and puts its own spec back when it syncs, unless its ignoreDifferences lists /spec/source/kustomize/images of this Application, with RespectIgnoreDifferences=true',
    )
  })

  it('a label alone is not certain', () => {
    expect(gates({ rules: SEMVER }, '1.5.0', [{ ...ROOT, certain: false }]).at(-1)).toContain('may deploy it')
  })
})
