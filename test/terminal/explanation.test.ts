import { describe, expect, it } from 'vitest'
import { explainApplications } from '../../src/lib/engine/explain.ts'
import { manageImages } from '../../src/lib/engine/managed-image.ts'
import { readAnnotationRules } from '../../src/lib/rules/annotations.ts'
import { type ExplanationView, renderExplanations } from '../../src/lib/terminal/explanation.ts'
import { FakeCluster } from '../engine/fake-cluster.ts'
import { digestOf, FakeRegistry } from '../engine/fake-registry.ts'
import { type ApplicationText, applicationOf, contextOf, deployment, NOW, pod } from '../engine/world.ts'

const LONG = `registry.example.com/${'a-department/'.repeat(6)}web`
const PLATFORMS = ['linux/amd64', 'linux/arm64/v8']
const TAGS = {
  '1.4.2': { createdAt: '2026-01-01T00:00:00Z', platforms: PLATFORMS },
  '1.5.0': { platforms: PLATFORMS, pushedAt: '2026-03-01T10:00:00Z' },
  '2.0.0': {},
  main: {},
}

async function text(
  application: ApplicationText,
  view: Partial<ExplanationView> = {},
  annotations: Readonly<Record<string, string>> = {},
): Promise<string> {
  const cluster = new FakeCluster()
  cluster.put('deployments', deployment('web', 'org/web:1.4.2'))
  cluster.put('pods', pod('web-1', 'org/web:1.4.2', digestOf('old')))
  const context = contextOf(new FakeRegistry({ [LONG]: TAGS, 'org/web': TAGS }), cluster)
  const plain = applicationOf({ deployments: ['web'], ...application })
  const status = { ...plain.status, health: { status: 'Healthy' }, sync: { status: 'Synced' } }
  const metadata = { ...plain.metadata, annotations: { ...plain.metadata.annotations, ...annotations } }
  const managed = manageImages([{ ...plain, metadata, status }], readAnnotationRules)
  const explanations = await explainApplications(context, managed, { connection: () => '' })
  return renderExplanations(explanations, {
    all: false,
    context: 'prod-eu',
    now: NOW,
    paint: (_style, plainText) => plainText,
    width: 80,
    ...view,
  })
}

const SHOP = {
  kustomize: ['org/web:1.4.2'],
  live: ['org/web:1.4.2'],
  rules: { 'image-list': 'web=org/web:^1.4', 'web.force-update': 'false' },
}

const widest = (answer: string) => Math.max(...answer.split('\n').map((line) => [...line].length))

describe('the screen of explain', () => {
  it('tells the whole story of an update', async () => {
    expect((await text(SHOP)).split('\n')).toEqual([
      'shop · web                                     context prod-eu, namespace argocd',
      'Rule        semver "^1.4" of org/web; write-back argocd',
      '            annotations of application argocd/shop:',
      '              image-list        web=org/web:^1.4',
      '              web.force-update  false',
      'Running     spec     1.4.2 (spec.source.kustomize.images[0])',
      '            live     1.4.2 (status.summary.images lists 1)',
      '            Pods     1 runs it, 6f6c646f6c64',
      '            Argo CD  Synced, Healthy, auto-sync off: a change waits for somebody',
      '                     to sync',
      'Source      spec.source, Kustomize (status.sourceType)',
      'Repository  docker.io/org/web, a fake, credential: anonymous, 0 requests',
      'Tags        4 listed',
      '            − 1  not a version   "main"',
      '            − 1  outside "^1.4"  "2.0.0"',
      '            = 2  candidates',
      'Finalists   1.5.0  pushed 120m ago, 312e352e3031, linux/amd64 linux/arm64/v8',
      '            1.4.2  built 59d ago, 312e342e3231, linux/amd64 linux/arm64/v8',
      'Winner      1.5.0: highest version of 2 candidates',
      'Gates       direction   ok    1.4.2 → 1.5.0 is a step up (minor)',
      '            argo-cd     ok    Synced, Healthy',
      '            place       ok    spec.source takes it (Kustomize)',
      '            write-back  ok    write-back-method argocd patches the Application',
      'Would write 1.5.0 is newer than 1.4.2',
      '            application.argoproj.io/shop',
      '              spec.source.kustomize.images[0]',
      '              - org/web:1.4.2',
      '              + org/web:1.5.0',
      'Next        kubectl image-updater update shop',
      '              shows the diff, asks, and applies it',
      '            argocd app sync shop',
      '              auto-sync is off: what is written waits for a sync',
      '            kubectl image-updater skip shop web 1.5.0',
      '              declines it, so that the next one is offered',
      '',
    ])
  })

  it('tells of a faulty rule everything but a decision', async () => {
    const answer = await text({ ...SHOP, rules: { ...SHOP.rules, 'web.allow-tags': '^v1' } })
    expect(answer).toContain('Fault       web.allow-tags "^v1": it has no keyword')
    expect(answer).toContain('            = 2  candidates')
    expect(answer).toContain('Would write nothing: the rule is faulty')
    expect(answer).not.toMatch(/^(?:Winner|Gates)/m)
  })

  it('tells of an Application without rules what it runs, and how to begin', async () => {
    expect((await text({ live: ['org/web:1.4.2'] })).split('\n')).toEqual([
      'shop                                           context prod-eu, namespace argocd',
      'Rule        none: no image of this Application is kept up to date',
      'Running     org/web:1.4.2',
      'Argo CD     Synced, Healthy',
      'Next        kubectl image-updater annotate shop',
      '              writes a rule, and shows first what it would select',
      '',
    ])
  })

  it('--all has a verdict on every tag', async () => {
    expect(await text(SHOP, { all: true })).toContain(
      [
        'Every tag   1.5.0  highest version of 2 candidates',
        '            1.4.2  not higher than 1.5.0',
        '            2.0.0  dropped: outside "^1.4"',
        '            main   dropped: not a version',
      ].join('\n'),
    )
  })

  it('has one screen an image, with a blank line between', async () => {
    const answer = await text({ ...SHOP, rules: { 'image-list': 'web=org/web, other=org/lost' } })
    expect(answer.match(/^shop · \S+/gm)).toEqual(['shop · web', 'shop · other'])
    expect(answer).toContain('\n\nshop · other')
    expect(answer).toContain('nothing: the image could not be checked')
  })
})

describe('in a terminal of 80 columns', () => {
  const long = {
    kustomize: [`${LONG}:1.4.2`],
    live: [`${LONG}:1.4.2`],
    rules: { 'image-list': `web=${LONG}:^1.4`, 'write-back-method': 'git:secret:argocd/some-credentials' },
  }

  it('nothing is wider but commands, which can be copied', async () => {
    const answer = await text(long)
    const lines = answer.split('\n').filter((line) => !line.includes('kubectl '))
    expect(widest(lines.join('\n'))).toBeLessThanOrEqual(80)
    expect(answer).toMatch(/registry\.example\.com\/\S*…\S*web/)
  })

  it('a wide terminal, or none, shortens nothing', async () => {
    expect(await text(long, { width: Number.POSITIVE_INFINITY })).toContain(`web=${LONG}:^1.4\n`)
  })
})

describe('text from outside', () => {
  it('moves no cursor and hides nothing', async () => {
    const answer = await text(
      { ...SHOP, live: ['org/web:1.4.2', 'org/\u001b[31mred:1'] },
      {},
      { 'argocd-image-updater.argoproj.io/web.\u001b[2Jkey': 'x\u202ey\u0007\nGates  ok' },
    )
    expect(answer).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
    expect(answer).not.toMatch(/^Gates {2}ok/m)
  })

  it('colour is a second signal: without it the text is the same', async () => {
    const painted = await text(SHOP, { paint: (style, part) => `\u0001${String(style)}\u0002${part}\u0003` })
    expect(painted.replace(/\u0001[^\u0002]*\u0002|\u0003/g, '')).toBe(await text(SHOP))
  })
})
