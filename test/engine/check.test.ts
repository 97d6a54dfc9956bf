import { describe, expect, it } from 'vitest'
import { checkImages } from '../../src/lib/engine/check.ts'
import type { CheckedImage } from '../../src/lib/engine/checked-image.ts'
import { FakeCluster } from './fake-cluster.ts'
import { digestOf, FakeRegistry } from './fake-registry.ts'
import { contextOf, deployment, managed, pod } from './world.ts'

const OLD = digestOf('old')
const NEW = digestOf('new')
const PLATFORM = digestOf('amd64 of new')
const NEWEST = { 'image-list': 'web=org/web', 'web.update-strategy': 'newest-build' }
const MOVED = { 'org/web': { production: { digest: NEW, manifests: [PLATFORM] } } }

function face(row: CheckedImage | undefined): string {
  if (!row) return 'no row'
  return row.state === 'failed'
    ? `failed: ${row.error.message}`
    : `${row.decision.kind}: ${row.decision.reason}`
}

/** A cluster whose Deployment web runs org/web:production in one Pod. */
function clusterWith(digest: string, container: object = {}): FakeCluster {
  const cluster = new FakeCluster()
  cluster.put('deployments', deployment('web', 'org/web:production', container))
  cluster.put('pods', pod('web-1', 'org/web:production', digest))
  return cluster
}

describe('checkImages', () => {
  it('gives one row an image, in order, and makes the error of one image its row', async () => {
    const registry = new FakeRegistry({ 'org/api': { '2.0.0': {} }, 'org/db': { main: {} } })
    const images = managed({
      live: ['org/web:1.0.0', 'org/api:1.0.0', 'org/db:1.0.0'],
      rules: { 'image-list': 'web=org/web, api=org/api, db=org/db' },
    })
    const rows = await checkImages(contextOf(registry), images)
    expect(rows.map(face)).toEqual([
      'failed: docker.io: cannot read it: no such repository',
      'update: 2.0.0 is newer than 1.0.0',
      'no-candidate: none of 1 tag fits the rule (main: not a version)',
    ])
  })

  it('tells how far it is', async () => {
    const registry = new FakeRegistry({ 'org/api': { '2.0.0': {} } })
    const images = managed({ rules: { 'image-list': 'web=org/web, api=org/api' } })
    const told: string[] = []
    await checkImages(contextOf(registry), images, { onProgress: (done, all) => told.push(`${done}/${all}`) })
    expect(told).toEqual(['1/2', '2/2'])
  })

  it('says that a repository is empty', async () => {
    const images = managed({ rules: { 'image-list': 'web=org/web' } })
    const [row] = await checkImages(contextOf(new FakeRegistry({ 'org/web': {} })), images)
    expect(face(row)).toBe('no-candidate: the repository has no tags')
  })

  it('shows what an update would write', async () => {
    const registry = new FakeRegistry({ 'org/web': { '1.5.0': {} } })
    const images = managed({ kustomize: ['org/web:1.4.2'], rules: { 'image-list': 'web=org/web' } })
    const [row] = await checkImages(contextOf(registry), images)
    expect(row?.state === 'decided' && row.writes).toMatchObject([
      {
        fields: [
          { after: 'org/web:1.5.0', before: 'org/web:1.4.2', field: 'spec.source.kustomize.images[0]' },
        ],
        kind: 'application.argoproj.io',
        summary: 'set kustomize image',
      },
    ])
  })
})

describe('checkImages asks Pods only where a digest matters and the spec does not tell it', () => {
  const app = { deployments: ['web'], live: ['org/web:production'], rules: NEWEST }

  it.each<[string, string, string, string[]]>([
    ['the digest of the index', NEW, 'up-to-date: runs the digest that production names now', []],
    [
      "the digest of the platform's manifest",
      PLATFORM,
      'up-to-date: runs the digest that production names now',
      [`describe org/web@${NEW}`],
    ],
    ['another digest', OLD, 'update: production moved to another digest', [`describe org/web@${NEW}`]],
    [
      'none',
      '',
      'up-to-date: the running digest is not known (no Pod reports it): compared with what was first seen',
      [],
    ],
  ])('a Pod reports %s', async (_name, digest, expected, asked) => {
    const registry = new FakeRegistry(MOVED)
    const [row] = await checkImages(contextOf(registry, clusterWith(digest)), managed(app))
    expect(face(row)).toBe(expected)
    expect(registry.asked).toEqual(['list org/web', 'digest org/web:production', ...asked])
  })

  it.each([
    ['semver', { kustomize: ['org/web:1.0.0'], rules: { 'image-list': 'web=org/web' } }, { '1.0.0': {} }],
    [
      'a digest in the spec',
      { kustomize: [`org/web:production@${OLD}`], rules: NEWEST },
      { production: { digest: NEW } },
    ],
  ])('asks none for %s', async (_name, text, tags) => {
    const context = contextOf(new FakeRegistry({ 'org/web': tags }))
    const asking = { ...context, workloadsOf: () => Promise.reject(new Error('asked for workloads')) }
    const [row] = await checkImages(asking, managed(text))
    expect(row?.state).toBe('decided')
  })

  it('compares with what an earlier cycle saw where no Pod tells', async () => {
    const context = contextOf(new FakeRegistry(MOVED), clusterWith(''))
    const firstSeen = new Map([['argocd/shop/web', OLD]])
    const [row] = await checkImages(context, managed(app), { firstSeen })
    expect(face(row)).toBe('update: production moved to another digest')
  })

  it('tells why the Pods are not known', async () => {
    const context = contextOf(new FakeRegistry(MOVED), new FakeCluster())
    const [row] = await checkImages(context, managed({ ...app, deployments: [] }))
    expect(face(row)).toContain('(Argo CD lists no workload of it yet)')
  })

  it('goes on where a workload has no selector', async () => {
    const cluster = clusterWith(OLD)
    const { spec, ...rest } = deployment('other', 'org/other:1')
    cluster.put('deployments', { ...rest, spec: { ...(spec as object), selector: {} } })
    const context = contextOf(new FakeRegistry(MOVED), cluster)
    const [row] = await checkImages(context, managed({ ...app, deployments: ['web', 'other'] }))
    expect(face(row)).toBe('update: production moved to another digest')
  })
})

describe('checkImages on plain manifests', () => {
  const app = {
    deployments: ['web'],
    live: ['org/web:production'],
    rules: NEWEST,
    sourceType: 'Directory',
  } as const

  async function check(cluster: FakeCluster) {
    const [row] = await checkImages(contextOf(new FakeRegistry(MOVED), cluster), managed(app))
    return row
  }

  it('restarts the workloads that run the tag', async () => {
    const row = await check(clusterWith(OLD))
    expect(row?.state === 'decided' && row.writes.map(({ summary }) => summary)).toEqual([
      'restart deployment/web',
    ])
  })

  it('waits for the Pods once a workload was restarted for this digest', async () => {
    const cluster = clusterWith(OLD)
    const row = await check(cluster)
    if (row?.state !== 'decided') throw new Error('not decided')
    for (const write of row.writes) await cluster.jsonPatch(write.path, write.operations)
    expect(face(await check(cluster))).toBe(
      'rolling: restarted for this digest, the Pods follow since 2026-03-01T12:00:00Z',
    )
  })

  it('is blocked where the manifest keeps nodes from pulling again', async () => {
    const cluster = clusterWith(OLD)
    const { metadata, ...rest } = deployment('web', 'org/web:production', { imagePullPolicy: 'IfNotPresent' })
    const applied = JSON.stringify(rest)
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': applied }
    cluster.put('deployments', { ...rest, metadata: { ...metadata, annotations } })
    expect(face(await check(cluster))).toBe(
      'blocked: deployment/web: container "main" has imagePullPolicy IfNotPresent from its manifest, so a restart may run the old image again. Set imagePullPolicy: Always for container "main" there',
    )
  })
})
