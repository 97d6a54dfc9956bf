import { describe, expect, it } from 'vitest'
import type { Application } from '../../src/lib/application/application.ts'
import { explainApplications, UnknownImageError } from '../../src/lib/engine/explain.ts'
import type { ApplicationExplanation, ImageExplanation } from '../../src/lib/engine/explanation.ts'
import { manageImages } from '../../src/lib/engine/managed-image.ts'
import { readAnnotationRules } from '../../src/lib/rules/annotations.ts'
import { FakeCluster } from './fake-cluster.ts'
import { FakeRegistry, type FakeTag } from './fake-registry.ts'
import { type ApplicationText, applicationOf, contextOf, deployment, pod } from './world.ts'

const RULE = { 'image-list': 'web=org/web' }
const TAGS = { '1.4.2': {}, '1.5.0': {} }
const SYNCED = { health: { status: 'Healthy' }, sync: { status: 'Synced' } }

interface Scene extends ApplicationText {
  /** Merged into the parts of the Application. */
  readonly metadata?: object
  readonly spec?: object
  readonly status?: object
  readonly tags?: Record<string, FakeTag>
  readonly cluster?: FakeCluster
}

function applicationIn({ metadata = {}, spec = {}, status = {}, ...text }: Scene): Application {
  const plain = applicationOf({ rules: RULE, ...text })
  return {
    ...plain,
    metadata: { ...plain.metadata, ...metadata },
    spec: { ...plain.spec, ...spec },
    status: { ...plain.status, ...SYNCED, ...status },
  }
}

async function explain(scenes: readonly Scene[], image?: string): Promise<ApplicationExplanation[]> {
  const [{ cluster = new FakeCluster(), tags = TAGS } = {}] = scenes
  const context = contextOf(new FakeRegistry({ 'org/web': tags, 'org/api': TAGS }), cluster)
  const managed = manageImages(scenes.map(applicationIn), readAnnotationRules)
  return explainApplications(context, managed, { connection: () => ' --namespace argocd', image })
}

async function explainOne(scene: Scene): Promise<ApplicationExplanation & { image: ImageExplanation }> {
  const [explanation] = await explain([scene])
  const [image] = explanation?.images ?? []
  if (!explanation || !image) throw new Error('nothing is explained')
  return { ...explanation, image }
}

function decision({ checked }: ImageExplanation): string {
  if (checked?.state !== 'decided') return `failed: ${checked?.error.message}`
  return `${checked.decision.kind}: ${checked.decision.reason}`
}

/** `place warning: …` for each gate that is not plainly passed. */
function obstacles({ checked }: ImageExplanation): string[] {
  const gates = checked?.state === 'decided' && 'gates' in checked.decision ? checked.decision.gates : []
  return gates
    .filter(({ verdict }) => verdict !== 'ok')
    .map(({ name, verdict, reason }) => `${name} ${verdict}: ${reason}`)
}

const commands = ({ next }: { next: ImageExplanation['next'] }) => next.map(({ command }) => command)

describe('"it says updated, and nothing happens"', () => {
  it('because an ApplicationSet puts its own spec back', async () => {
    const ownerReferences = [{ apiVersion: 'argoproj.io/v1alpha1', kind: 'ApplicationSet', name: 'shops' }]
    const { image } = await explainOne({ live: ['org/web:1.4.2'], metadata: { ownerReferences } })
    expect(obstacles(image)).toEqual([
      expect.stringMatching(
        /^owner warning: ApplicationSet "shops".*puts its own spec back.*ignoreApplicationDifferences/,
      ),
    ])
  })

  it('because an app of apps puts its own spec back', async () => {
    const { image } = await explainOne({
      live: ['org/web:1.4.2'],
      metadata: {
        annotations: {
          'argocd-image-updater.argoproj.io/image-list': 'web=org/web',
          'argocd.argoproj.io/tracking-id': 'root:argoproj.io/Application:argocd/shop',
        },
      },
    })
    expect(obstacles(image)).toEqual([
      expect.stringMatching(/^owner warning: Application "root".*RespectIgnoreDifferences=true$/),
    ])
  })

  it('because the Application is not synced by itself', async () => {
    const { argo, image } = await explainOne({ live: ['org/web:1.4.2'] })
    expect(argo.autoSync).toBe(false)
    expect(commands(image)).toEqual([
      'kubectl image-updater update shop --namespace argocd',
      'argocd app sync shop',
      'kubectl image-updater skip shop web 1.5.0 --namespace argocd',
    ])
  })

  it.each([
    ['automated', { automated: {} }, true],
    ['switched off in place', { automated: { enabled: false } }, false],
  ])('auto-sync %s', async (_name, syncPolicy, expected) => {
    expect((await explainOne({ spec: { ...applicationOf({}).spec, syncPolicy } })).argo.autoSync).toBe(
      expected,
    )
  })

  it('because the last sync failed', async () => {
    const status = {
      conditions: [{ message: 'path does not exist', type: 'ComparisonError' }],
      operationState: { message: 'one or more objects failed to apply', phase: 'Failed' },
    }
    const { argo } = await explainOne({ status })
    expect(argo.troubles).toEqual([
      'ComparisonError: path does not exist',
      'the last sync failed: one or more objects failed to apply',
    ])
  })

  it('because nobody knows whether the chart reads the usual parameters', async () => {
    const { image } = await explainOne({ live: ['org/web:1.4.2'], sourceType: 'Helm' })
    expect(obstacles(image)).toEqual([
      expect.stringMatching(/^place warning: nobody has set image.name.*web\.helm\.image-name/),
    ])
  })

  it('because the parameter that was set is read by nobody', async () => {
    const { image } = await explainOne({
      helm: { 'image.name': 'org/web', 'image.tag': '1.5.0' },
      live: ['org/web:1.4.2'],
      sourceType: 'Helm',
    })
    expect(decision(image)).toBe('up-to-date: 1.5.0 is the newest that the rule allows')
    expect(image.running?.notes).toEqual([
      expect.stringContaining('says 1.5.0, 1.4.2 runs'),
      expect.stringMatching(/Synced and Healthy although .*image\.tag\] says otherwise/),
    ])
  })

  it('because the digest was written and the Pods run another', async () => {
    const cluster = new FakeCluster()
    cluster.put('deployments', deployment('web', 'org/web:1.5.0'))
    cluster.put('pods', pod('web-1', 'org/web:1.5.0', `sha256:${'a'.repeat(64)}`))
    const { image } = await explainOne({
      cluster,
      deployments: ['web'],
      kustomize: [`org/web:1.5.0@sha256:${'b'.repeat(64)}`],
      live: ['org/web:1.5.0'],
    })
    expect(image.running?.notes).toContain('the Pods do not run the digest of the spec: not synced yet')
  })
})

describe('"it is not live"', () => {
  it('because the Deployment is scaled to zero', async () => {
    const cluster = new FakeCluster()
    const asleep = deployment('web', 'org/web:1.4.2')
    cluster.put('deployments', { ...asleep, spec: { ...(asleep['spec'] as object), replicas: 0 } })
    const { image } = await explainOne({ cluster, deployments: ['web'] })
    expect(image.running?.absence).toEqual(['deployment/web is scaled to 0'])
    expect(decision(image)).toMatch(/^not-running: /)
    expect(commands(image)).toEqual([
      'kubectl annotate applications.argoproj.io shop --namespace argocd --overwrite argocd-image-updater.argoproj.io/web.force-update=true',
    ])
  })

  it('scaled to zero stops nothing where the spec tells the image', async () => {
    const { image } = await explainOne({ kustomize: ['org/web:1.4.2'] })
    expect(decision(image)).toBe('update: 1.5.0 is newer than 1.4.2')
  })

  it.each([
    ['CronJob', 'batch', 'cronjob/report has Pods only while it is at work'],
    ['Job', 'batch', 'job/report has Pods only while it is at work'],
    [
      'Service',
      'serving.knative.dev',
      'Pods that an operator makes of service/report may not be reported by Argo CD',
    ],
  ])('because a %s of %s runs it', async (kind, group, expected) => {
    const resources = [{ group, kind, name: 'report', namespace: 'apps', version: 'v1' }]
    expect((await explainOne({ status: { resources } })).image.running?.absence).toEqual([expected])
  })

  it('because the Application was never synced', async () => {
    const status = { sync: { status: 'OutOfSync' } }
    const { image } = await explainOne({ status })
    expect(image.running?.absence).toEqual(['Argo CD has never synced the Application'])
  })

  it('because Argo CD has not compared the Application yet', async () => {
    const { image } = await explainOne({ status: { health: undefined, sync: undefined } })
    expect(image.running?.absence).toEqual(['Argo CD has not compared the Application yet: it has no status'])
  })

  it('because Argo CD reports no images, although Pods run', async () => {
    const cluster = new FakeCluster()
    cluster.put('deployments', deployment('web', 'org/web:1.4.2'))
    cluster.put('pods', pod('web-1', 'org/web:1.4.2', ''))
    const { image } = await explainOne({ cluster, deployments: ['web'] })
    expect(image.running?.absence).toEqual([
      "Pods run it (1 container), but Argo CD's status.summary.images reports no images at all",
    ])
  })
})

describe('"it does not choose what it should"', () => {
  it('the running tag need not be a version', async () => {
    expect(decision((await explainOne({ live: ['org/web:latest'] })).image)).toBe(
      'update: 1.5.0 is newer than latest',
    )
  })

  it('says what each stage dropped, with examples', async () => {
    const tags = { '0.9.0': {}, '1.4.2': {}, '2.0.0': {}, '3.0.0': {}, '4.0.0': {}, '5.0.0': {}, main: {} }
    const { image } = await explainOne({ rules: { 'image-list': 'web=org/web:~1.4' }, tags })
    expect(image.tags).toMatchObject({
      candidates: 1,
      listed: 7,
      stages: [
        { count: 1, examples: ['main'], stage: 'version' },
        { count: 5, examples: ['0.9.0', '2.0.0', '3.0.0'], reason: 'outside "~1.4"', stage: 'constraint' },
      ],
    })
  })

  it('describes the best three and no others', async () => {
    const tags = { '1.0.0': {}, '1.1.0': {}, '1.2.0': { broken: true }, '1.3.0': {} }
    const { image } = await explainOne({ live: ['org/web:1.0.0'], tags })
    expect(image.tags?.finalists.map(({ tag, error }) => [tag, error?.message])).toEqual([
      ['1.3.0', undefined],
      ['1.2.0', expect.stringContaining('the manifest of 1.2.0 is broken')],
      ['1.1.0', undefined],
    ])
  })

  it('nothing is left: --all shows why', async () => {
    const { image } = await explainOne({ live: ['org/web:1.4.2'], tags: { main: {} } })
    expect(decision(image)).toMatch(/^no-candidate: /)
    expect(commands(image)).toEqual(['kubectl image-updater explain shop web --all --namespace argocd'])
  })

  it('a date among the tags wins, and is warned about', async () => {
    const { image } = await explainOne({ live: ['org/web:1.4.2'], tags: { ...TAGS, '20240101': {} } })
    expect(image.warnings.map(({ problem }) => problem)).toEqual([expect.stringContaining('only digits')])
  })

  it('an older version stops, with the way to take it', async () => {
    const { image } = await explainOne({ live: ['org/web:2.0.0'] })
    expect(obstacles(image)).toEqual([expect.stringMatching(/^direction stop: /)])
    expect(commands(image)[0]).toBe('kubectl image-updater update shop --allow-downgrade --namespace argocd')
  })

  it('plain manifests need git, and where in git is told', async () => {
    const { image } = await explainOne({ live: ['org/web:1.4.2'], sourceType: 'Directory' })
    expect(obstacles(image)).toEqual([expect.stringMatching(/^place stop: a plain manifest/)])
    expect(image.next[0]?.purpose).toBe('Change the tag in git: https://git.example.com/r')
  })
})

describe('"my annotations are ignored"', () => {
  it('a misspelt key is told with the right one', async () => {
    const rules = { ...RULE, 'web.allow-tag': 'any' }
    const { image } = await explainOne({ rules })
    expect(image.warnings.map(({ key, remedy }) => [key, remedy])).toEqual([
      ['web.allow-tag', 'Did you mean web.allow-tags?'],
    ])
  })

  it('a faulty setting is told, and everything is looked at as if it were not there', async () => {
    const rules = { ...RULE, 'web.allow-tags': '^v1' }
    const { image } = await explainOne({ live: ['org/web:1.4.2'], rules })
    expect(image.faults.map(({ fault }) => fault.key)).toEqual(['web.allow-tags'])
    expect(image.tags).toMatchObject({ candidates: 2, listed: 2 })
    expect(image.running?.images.live).toHaveLength(1)
    expect(image.next[0]).toEqual({ command: '', purpose: 'web.allow-tags: Write "regexp:^v1"' })
  })

  it('several faulty settings of one image are all told', async () => {
    const rules = { ...RULE, 'web.allow-tags': '^v1', 'web.update-strategy': 'semvar' }
    const { image } = await explainOne({ rules })
    expect(image.faults.map(({ fault }) => fault.key).sort()).toEqual([
      'web.allow-tags',
      'web.update-strategy',
    ])
    expect(image.checked).toBeDefined()
  })

  it('a faulty setting of the whole Application stops each image, and each is explained', async () => {
    const rules = { hold: 'maybe', 'image-list': 'web=org/web, api=org/api' }
    const [explanation] = await explain([{ rules }])
    expect(explanation?.images.map(({ name, faults }) => [name, faults.length])).toEqual([
      ['web', 1],
      ['api', 1],
    ])
  })

  it('an entry that cannot be read is told with its text', async () => {
    const [explanation] = await explain([{ rules: { 'image-list': 'web=org/web, api=' } }])
    expect(explanation?.images.map(({ name, checked }) => [name, checked?.state])).toEqual([
      ['web', 'decided'],
      ['api', undefined],
    ])
  })

  it('an Application without rules is told how to get one', async () => {
    const [explanation] = await explain([{ live: ['org/web:1.4.2'], rules: {} }])
    expect(explanation).toMatchObject({ images: [], live: [{ repository: 'org/web', tag: '1.4.2' }] })
    expect(explanation && commands(explanation)).toEqual([
      'kubectl image-updater annotate shop --namespace argocd',
    ])
  })

  it('Applications of one name in two namespaces are told apart', async () => {
    const explanations = await explain([{}, { metadata: { namespace: 'team-a' } }])
    expect(explanations.map(({ application }) => application.metadata.namespace)).toEqual([
      'argocd',
      'team-a',
    ])
  })
})

it('a registry that refuses does not hide the rest', async () => {
  const { image } = await explainOne({ live: ['lost/web:1'], rules: { 'image-list': 'web=lost/web' } })
  expect(decision(image)).toMatch(/^failed: docker.io: cannot read it/)
  expect(image.running?.images.live).toHaveLength(1)
  expect(image.tags).toBeUndefined()
})

describe('one image of several', () => {
  const rules = { 'image-list': 'web=org/web, org/api' }
  it.each(['web', 'org/web', 'api', 'org/api'])('is found as %s', async (name) => {
    const [explanation] = await explain([{ rules }], name)
    expect(explanation?.images.map((image) => image.name)).toEqual([name.replace('org/', '')])
  })

  it('that is not there: the nearest is named', async () => {
    await expect(explain([{ rules }], 'wbe')).rejects.toThrow(UnknownImageError)
    await expect(explain([{ rules }], 'wbe')).rejects.toMatchObject({
      message: 'application "shop" has no rule for an image "wbe", but for web, api',
      remedy: 'Did you mean web?',
    })
  })
})
