import { describe, expect, it } from 'vitest'
import { runningImages } from '../../src/lib/application/running-images.ts'
import { type Decision, followsDigest, type Winner } from '../../src/lib/engine/decide.ts'
import type { Place } from '../../src/lib/engine/gate.ts'
import type { RunningImage } from '../../src/lib/engine/running-image.ts'
import { formatImageReference } from '../../src/lib/image/reference.ts'
import { decide } from './decided.ts'
import { digestOf } from './fake-registry.ts'
import { type ApplicationText, managedOne } from './world.ts'

const OLD = digestOf('old')
const NEW = digestOf('new')
const PLATFORM = digestOf('amd64 of new')

interface Situation extends ApplicationText {
  readonly winner: string
  readonly digest?: string
  readonly manifests?: readonly string[]
  readonly pods?: readonly string[]
  readonly firstSeen?: string
  readonly place?: Place
}

function decided(situation: Situation): Decision {
  const { application, rule } = managedOne(situation)
  const running: RunningImage = {
    firstSeenDigest: situation.firstSeen ?? '',
    images: runningImages(application, rule),
    pods: situation.pods && { digests: situation.pods, unknown: situation.pods.length > 0 ? '' : 'no Pod' },
  }
  const winner: Winner = {
    digest: situation.digest ?? '',
    manifests: situation.manifests ?? [],
    tag: situation.winner,
  }
  return decide(rule, running, winner, situation.place ?? 'spec')
}

/** `update org/web:2 in spec (major)`, `blocked org/web:2`, or the kind alone. */
function face(decision: Decision): string {
  const target = 'target' in decision ? ` ${formatImageReference(decision.target)}` : ''
  return decision.kind === 'update'
    ? `update${target} in ${decision.place} (${decision.bump})`
    : `${decision.kind}${target}`
}

const SEMVER = { 'image-list': 'web=org/web' }
const PINNED = { ...SEMVER, 'web.pin-digest': 'true' }
const NEWEST = { ...SEMVER, 'web.update-strategy': 'newest-build' }
const DIGEST = { 'image-list': 'web=org/web:production', 'web.update-strategy': 'digest' }
const RESTART = { ...NEWEST, 'write-back-method': 'restart' }
const DIRECTORY = { place: 'workloads', sourceType: 'Directory' } as const

describe('decide, when another tag won', () => {
  it.each<[string, string, Situation]>([
    [
      'a version in the spec',
      'update org/web:1.5.0 in spec (minor)',
      { rules: SEMVER, kustomize: ['org/web:1.4.2'], winner: '1.5.0' },
    ],
    [
      'a version that only runs',
      'update org/web:1.4.3 in spec (patch)',
      { rules: SEMVER, live: ['org/web:1.4.2'], winner: '1.4.3' },
    ],
    [
      'spec before live',
      'update org/web:2.0.0 in spec (major)',
      { rules: SEMVER, kustomize: ['org/web:1.4.2'], live: ['org/web:2.0.0'], winner: '2.0.0' },
    ],
    [
      'the winner is in the spec already, whatever runs',
      'up-to-date',
      { rules: SEMVER, kustomize: ['org/web:2.0.0'], live: ['org/web:1.4.2'], winner: '2.0.0' },
    ],
    [
      'a Helm tag',
      'update org/web:1.5.0 in spec (minor)',
      { rules: SEMVER, sourceType: 'Helm', helm: { 'image.tag': '1.4.2' }, winner: '1.5.0' },
    ],
    [
      'a running tag that is no version',
      'update org/web:1.5.0 in spec (none)',
      { rules: SEMVER, live: ['org/web:latest'], winner: '1.5.0' },
    ],
    [
      'two spellings of one version',
      'update org/web:v1.0.0 in spec (none)',
      { rules: SEMVER, live: ['org/web:1.0'], winner: 'v1.0.0' },
    ],
    [
      'pre-release to release',
      'update org/web:1.0.0 in spec (pre-release)',
      { rules: SEMVER, live: ['org/web:1.0.0-rc.1'], winner: '1.0.0' },
    ],
    ['a downgrade', 'blocked org/web:1.4.2', { rules: SEMVER, live: ['org/web:1.5.0'], winner: '1.4.2' }],
    [
      'a downgrade by the part that tag-pattern compares',
      'blocked org/web:app-1.4.2',
      {
        rules: { ...SEMVER, 'web.tag-pattern': '^app-(?P<version>.+)$' },
        live: ['org/web:app-1.5.0'],
        winner: 'app-1.4.2',
      },
    ],
    [
      'a downgrade that the rule allows',
      'update org/web:1.4.2 in spec (downgrade)',
      { rules: { ...SEMVER, 'web.allow-downgrade': 'true' }, live: ['org/web:1.5.0'], winner: '1.4.2' },
    ],
    [
      'a downgrade that all rules of the Application allow, and this one does not',
      'blocked org/web:1.4.2',
      {
        rules: { ...SEMVER, 'allow-downgrade': 'true', 'web.allow-downgrade': 'false' },
        live: ['org/web:1.5.0'],
        winner: '1.4.2',
      },
    ],
    [
      'a step by the part that tag-pattern compares',
      'update org/web:app-1.5.0 in spec (minor)',
      {
        rules: { ...SEMVER, 'web.tag-pattern': '^app-(?P<version>.+)$' },
        live: ['org/web:app-1.4.2'],
        winner: 'app-1.5.0',
      },
    ],
    [
      'an entry without a tag',
      'update org/web:1.5.0 in spec (none)',
      { rules: SEMVER, kustomize: ['org/web'], winner: '1.5.0' },
    ],
    [
      'pin-digest',
      `update org/web:1.5.0@${NEW} in spec (minor)`,
      { rules: PINNED, live: ['org/web:1.4.2'], winner: '1.5.0', digest: NEW },
    ],
    [
      'newest-build, not pinned before',
      'update org/web:b2 in spec (none)',
      { rules: NEWEST, kustomize: ['org/web:b1'], winner: 'b2', digest: NEW },
    ],
    [
      'newest-build, pinned before',
      `update org/web:b2@${NEW} in spec (none)`,
      { rules: NEWEST, kustomize: [`org/web:b1@${OLD}`], winner: 'b2', digest: NEW },
    ],
    [
      'semver drops a digest that belongs to the old tag',
      'update org/web:1.5.0 in spec (minor)',
      { rules: SEMVER, kustomize: [`org/web:1.4.2@${OLD}`], winner: '1.5.0' },
    ],
    [
      'digest pins the tag that it follows',
      `update org/web:production@${NEW} in spec (none)`,
      { rules: DIGEST, live: ['org/web:staging'], winner: 'production', digest: NEW },
    ],
    [
      'a plain manifest',
      `blocked org/web:b2@${NEW}`,
      { ...DIRECTORY, rules: NEWEST, live: ['org/web:b1'], winner: 'b2', digest: NEW },
    ],
    [
      'a plain manifest and versions only',
      'blocked org/web:1.5.0',
      { ...DIRECTORY, rules: SEMVER, live: ['org/web:1.4.2'], winner: '1.5.0' },
    ],
    [
      'restart',
      `blocked org/web:b2@${NEW}`,
      { rules: RESTART, live: ['org/web:b1'], winner: 'b2', digest: NEW },
    ],
    [
      'git',
      'blocked org/web:1.5.0',
      { rules: { ...SEMVER, 'write-back-method': 'git' }, live: ['org/web:1.4.2'], winner: '1.5.0' },
    ],
  ])('%s: %s', (_name, expected, situation) => {
    expect(face(decided(situation))).toBe(expected)
  })

  it.each<[string, Situation, string]>([
    [
      'downgrade',
      { rules: SEMVER, live: ['org/web:1.5.0'], winner: '1.4.2' },
      'the newest allowed tag 1.4.2 is older than the running 1.5.0: nothing is downgraded unasked',
    ],
    [
      'plain manifest',
      { ...DIRECTORY, rules: SEMVER, live: ['org/web:1.4.2'], winner: '1.5.0' },
      'a plain manifest names the tag 1.4.2: moving to 1.5.0 needs a change in git',
    ],
    [
      'source not compared yet',
      { place: 'workloads', rules: SEMVER, sourceType: '', live: ['org/web:1.4.2'], winner: '1.5.0' },
      'it is not known yet how Argo CD renders the source, so 1.5.0 cannot be set: wait until it has compared the Application',
    ],
    [
      'restart',
      { rules: RESTART, live: ['org/web:b1'], winner: 'b2' },
      'write-back-method restart sets no tag: moving from b1 to b2 needs write-back-method argocd',
    ],
    [
      'git',
      {
        rules: { ...SEMVER, 'write-back-method': 'git:repocreds' },
        live: ['org/web:1.4.2'],
        winner: '1.5.0',
      },
      '1.5.0 is newer than 1.4.2; write-back-method git:repocreds needs a cluster: with -f nothing is committed',
    ],
    [
      'no tag yet',
      { rules: SEMVER, kustomize: ['org/web'], winner: '1.5.0' },
      '1.5.0 is the newest that the rule allows, and no tag is set',
    ],
    [
      'only a digest yet',
      { rules: SEMVER, kustomize: [`org/web@${OLD}`], winner: '1.5.0' },
      `1.5.0 is newer than ${OLD}`,
    ],
  ])('says why: %s', (_name, situation, reason) => {
    expect(decided(situation).reason).toBe(reason)
  })
})

describe('decide, when the tag is the same', () => {
  const moved = { winner: 'production', digest: NEW }
  it.each<[string, string, Situation]>([
    ['semver looks at no digest', 'up-to-date', { rules: SEMVER, live: ['org/web:1.5.0'], winner: '1.5.0' }],
    [
      'newest-build, Pods run the old digest',
      `update org/web:production@${NEW} in spec (none)`,
      { ...moved, rules: NEWEST, live: ['org/web:production'], pods: [OLD] },
    ],
    [
      'newest-build, Pods run the new digest',
      'up-to-date',
      { ...moved, rules: NEWEST, live: ['org/web:production'], pods: [NEW] },
    ],
    [
      "newest-build, Pods report the platform's manifest of the new index",
      'up-to-date',
      { ...moved, rules: NEWEST, live: ['org/web:production'], pods: [NEW, PLATFORM], manifests: [PLATFORM] },
    ],
    [
      'newest-build, a rollout is under way',
      `update org/web:production@${NEW} in spec (none)`,
      { ...moved, rules: NEWEST, live: ['org/web:production'], pods: [NEW, OLD] },
    ],
    [
      'newest-build, digest unknown and never seen',
      'up-to-date',
      { ...moved, rules: NEWEST, live: ['org/web:production'], pods: [] },
    ],
    [
      'newest-build, digest unknown, seen the same',
      'up-to-date',
      { ...moved, rules: NEWEST, live: ['org/web:production'], pods: [], firstSeen: NEW },
    ],
    [
      'newest-build, digest unknown, moved since first seen',
      `update org/web:production@${NEW} in spec (none)`,
      { ...moved, rules: NEWEST, live: ['org/web:production'], pods: [], firstSeen: OLD },
    ],
    [
      'what Pods run counts more than what was first seen',
      'up-to-date',
      { ...moved, rules: NEWEST, live: ['org/web:production'], pods: [NEW], firstSeen: OLD },
    ],
    [
      'newest-build, the spec pins the old digest',
      `update org/web:production@${NEW} in spec (none)`,
      { ...moved, rules: NEWEST, kustomize: [`org/web:production@${OLD}`] },
    ],
    [
      'newest-build, the spec pins the new digest',
      'up-to-date',
      { ...moved, rules: NEWEST, kustomize: [`org/web:production@${NEW}`], live: ['org/web:production'] },
    ],
    [
      'digest, not pinned yet, although the Pods run it',
      `update org/web:production@${NEW} in spec (none)`,
      { ...moved, rules: DIGEST, live: ['org/web:production'], pods: [NEW] },
    ],
    ['digest, pinned', 'up-to-date', { ...moved, rules: DIGEST, kustomize: [`org/web:production@${NEW}`] }],
    [
      'pin-digest, not pinned yet',
      `update org/web:1.5.0@${NEW} in spec (none)`,
      { rules: PINNED, live: ['org/web:1.5.0'], winner: '1.5.0', digest: NEW, pods: [NEW] },
    ],
    [
      'a plain manifest, Pods run the old digest',
      `update org/web:production@${NEW} in workloads (none)`,
      { ...DIRECTORY, ...moved, rules: NEWEST, live: ['org/web:production'], pods: [OLD] },
    ],
    [
      'a plain manifest and digest: nothing to pin, the Pods decide',
      'up-to-date',
      { ...DIRECTORY, ...moved, rules: DIGEST, live: ['org/web:production'], pods: [NEW] },
    ],
    [
      'restart, Pods run the old digest',
      `update org/web:production@${NEW} in workloads (none)`,
      { ...moved, rules: RESTART, live: ['org/web:production'], pods: [OLD] },
    ],
    [
      'restart looks at the Pods, not at the digest of the spec',
      'up-to-date',
      { ...moved, rules: RESTART, kustomize: [`org/web:production@${OLD}`], pods: [NEW] },
    ],
    [
      'git, the tag moved',
      `blocked org/web:production@${NEW}`,
      {
        ...moved,
        rules: { ...NEWEST, 'write-back-method': 'git' },
        live: ['org/web:production'],
        pods: [OLD],
      },
    ],
    [
      'another repository in the place of this image',
      'update org/web:1.5.0 in spec (none)',
      {
        rules: SEMVER,
        sourceType: 'Helm',
        helm: { 'image.name': 'old/web', 'image.tag': '1.5.0' },
        winner: '1.5.0',
      },
    ],
    [
      'Docker Hub spelt in two ways is one repository',
      'up-to-date',
      {
        rules: { 'image-list': 'web=docker.io/library/nginx' },
        sourceType: 'Helm',
        helm: { 'image.name': 'nginx', 'image.tag': '1.27' },
        winner: '1.27',
      },
    ],
  ])('%s: %s', (_name, expected, situation) => {
    expect(face(decided(situation))).toBe(expected)
  })

  it('says that the running digest is not known, and why', () => {
    const situation = {
      rules: NEWEST,
      live: ['org/web:production'],
      winner: 'production',
      digest: NEW,
      pods: [],
    }
    expect(decided(situation).reason).toBe(
      'the running digest is not known (no Pod): compared with what was first seen',
    )
  })

  it('names both repositories where the spec has another', () => {
    const helm = { 'image.name': 'old/web', 'image.tag': '1.5.0' }
    expect(decided({ rules: SEMVER, sourceType: 'Helm', helm, winner: '1.5.0' }).reason).toBe(
      'the spec names old/web, the rule org/web',
    )
  })
})

describe('decide, when nothing runs the image', () => {
  const forced = { ...SEMVER, 'web.force-update': 'true' }
  it.each<[string, string, Situation]>([
    ['no force-update', 'not-running', { rules: SEMVER, winner: '1.5.0' }],
    ['force-update', 'update org/web:1.5.0 in spec (none)', { rules: forced, winner: '1.5.0' }],
    [
      'force-update and pin-digest',
      `update org/web:1.5.0@${NEW} in spec (none)`,
      { rules: { ...forced, 'web.pin-digest': 'true' }, winner: '1.5.0', digest: NEW },
    ],
    ['force-update on a plain manifest', 'not-running', { ...DIRECTORY, rules: forced, winner: '1.5.0' }],
    [
      'force-update by git',
      'blocked org/web:1.5.0',
      { rules: { ...forced, 'write-back-method': 'git' }, winner: '1.5.0' },
    ],
    ['only other images run', 'not-running', { rules: SEMVER, live: ['org/api:1'], winner: '1.5.0' }],
  ])('%s: %s', (_name, expected, situation) => {
    expect(face(decided(situation))).toBe(expected)
  })

  it('suggests force-update only where it would help', () => {
    expect(decided({ rules: SEMVER, winner: '1' }).reason).toBe(
      'org/web is neither in the spec nor among the live images; force-update: "true" writes it all the same',
    )
    expect(decided({ ...DIRECTORY, rules: SEMVER, winner: '1' }).reason).toBe(
      'org/web is neither in the spec nor among the live images',
    )
  })
})

describe('followsDigest', () => {
  it.each<[string, Record<string, string>, boolean]>([
    ['semver', SEMVER, false],
    ['alphabetical', { ...SEMVER, 'web.update-strategy': 'alphabetical' }, false],
    ['semver with pin-digest', PINNED, true],
    ['newest-build', NEWEST, true],
    ['digest', DIGEST, true],
  ])('%s', (_name, rules, expected) => {
    expect(followsDigest(managedOne({ rules }).rule)).toBe(expected)
  })
})
