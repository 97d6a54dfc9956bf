import { describe, expect, it } from 'vitest'
import { isUpdatable, type UpdatableImage } from '../../src/lib/engine/checked-image.ts'
import { UserError } from '../../src/lib/errors.ts'
import {
  checkColumns,
  checkedImageDocument,
  imageName,
  summaryLine,
} from '../../src/lib/terminal/checked-images.ts'
import { chooseColour } from '../../src/lib/terminal/colour.ts'
import { outcomeLines } from '../../src/lib/terminal/outcomes.ts'
import { renderTable } from '../../src/lib/terminal/table.ts'
import { digestOf } from '../engine/fake-registry.ts'
import { NOW } from '../engine/world.ts'
import { checkedRows } from './checked-rows.ts'

const plain = chooseColour('never', {}, {})
const coloured = chooseColour('always', {}, {})
const OLD = digestOf('old')
const NEW = digestOf('new')

const SHOP = {
  kustomize: ['org/web:1.4.2', 'org/api:2.0.1', 'org/db:17.0.0', `org/job:production@${OLD}`],
  live: ['org/web:1.4.1'],
  rules: {
    'faulty.update-strategy': 'sevmer',
    'image-list': 'web=org/web, api=org/api, db=org/db, job=org/job, faulty=org/x, org/deep/unnamed',
    'job.update-strategy': 'newest-build',
  },
}
const REGISTRY = {
  'org/api': { '2.0.1': {} },
  'org/db': { '16.0.0': {} },
  'org/deep/unnamed': { main: {} },
  'org/job': { production: { digest: NEW } },
  'org/web': { '1.5.0': { pushedAt: '2026-03-01T10:00:00Z' } },
}
const rows = () => checkedRows(REGISTRY, SHOP)

describe('the table of check', () => {
  it('shows what runs, what is available and what would be done', async () => {
    expect(renderTable(checkColumns(NOW, plain, false), await rows()).split('\n')).toEqual([
      'APPLICATION   IMAGE     RUNNING                   AVAILABLE                 PUSHED   ACTION',
      'shop          web       1.4.2                     1.5.0                     120m     set kustomize image',
      'shop          api       2.0.1                     2.0.1                     -        up to date (no Pod of the Application runs org/api (scaled to zero, not synced, or a Job between runs))',
      'shop          db        17.0.0                    16.0.0                    -        blocked: the newest allowed tag 16.0.0 is older than the running 17.0.0: nothing is downgraded unasked',
      `shop          job       production@${OLD.slice(7, 19)}   production@${NEW.slice(7, 19)}   -        set kustomize image`,
      'shop          unnamed   -                         -                         -        no candidate: none of 1 tag fits the rule (main: not a version)',
      'shop          faulty    -                         -                         -        ERROR faulty.update-strategy "sevmer": "sevmer" is not an update strategy. Write semver',
      '',
    ])
  })

  it('names namespaces where there are several, repositories and strategies with -o wide', async () => {
    const [header, first] = renderTable(checkColumns(NOW, plain, true), await rows(), { wide: true }).split(
      '\n',
    )
    expect(header?.split(/ {3,}/)).toEqual([
      'NAMESPACE',
      'APPLICATION',
      'IMAGE',
      'RUNNING',
      'AVAILABLE',
      'PUSHED',
      'REPOSITORY',
      'STRATEGY',
      'ACTION',
    ])
    expect(first).toMatch(/^argocd +shop +web .* org\/web +semver +set kustomize image$/)
  })

  it('paints what to do by its kind', async () => {
    const lines = renderTable(checkColumns(NOW, coloured, false), await rows()).split('\n')
    const codes = lines.slice(1, -1).map((line) => line.match(/\u001b\[(\d+)m/)?.[1])
    expect(codes).toEqual(['32', '2', '33', '32', '33', '31'])
  })
})

describe('imageName', () => {
  it('is the alias, or the last part of the repository', async () => {
    expect((await rows()).map(imageName)).toEqual(['web', 'api', 'db', 'job', 'unnamed', 'faulty'])
  })
})

const PLACE = { elsewhere: '; -A looks in all namespaces', flags: '' }

describe('summaryLine', () => {
  it('counts what can be done, what is blocked and what failed', async () => {
    expect(summaryLine(await rows(), PLACE)).toBe(
      '2 can be applied (kubectl image-updater update), 1 blocked, 1 without a candidate, 1 failed',
    )
  })

  it.each([
    ['nothing to do', 1, 2, 'Nothing to do'],
    ['no rules', 0, 0, 'No image here has a rule. kubectl image-updater annotate APPLICATION writes one'],
  ])('says %s', async (_name, start, end, expected) => {
    expect(summaryLine((await rows()).slice(start, end), PLACE)).toContain(expected)
  })
})

describe('the document of one image', () => {
  it('tells everything about an update', async () => {
    const [row] = await rows()
    expect(row && checkedImageDocument(row)).toEqual({
      alias: 'web',
      application: 'shop',
      available: { createdAt: null, digest: '', pushedAt: '2026-03-01T10:00:00.000Z', tag: '1.5.0' },
      commit: null,
      constraint: '',
      decision: 'update',
      image: 'org/web',
      namespace: 'argocd',
      reason: '1.5.0 is newer than 1.4.2',
      remedy: '',
      rule: { kind: 'annotation', object: 'argocd/shop' },
      running: {
        digest: '',
        notes: [
          'spec.source.kustomize.images[0] says 1.4.2, 1.4.1 runs: not synced yet, or a rollout is under way',
        ],
        repository: 'org/web',
        tag: '1.4.2',
      },
      strategy: 'semver',
      approval: null,
      target: { digest: '', registry: '', repository: 'org/web', tag: '1.5.0' },
      until: null,
      writes: [
        {
          fields: [
            { after: 'org/web:1.5.0', before: 'org/web:1.4.2', field: 'spec.source.kustomize.images[0]' },
          ],
          namespace: 'argocd',
          object: 'application.argoproj.io/shop',
          summary: 'set kustomize image',
        },
      ],
    })
  })

  it('tells of a faulty rule what is wrong and what would be right', async () => {
    const faulty = (await rows()).at(-1)
    expect(faulty && checkedImageDocument(faulty)).toMatchObject({
      alias: 'faulty',
      decision: 'error',
      reason: 'faulty.update-strategy "sevmer": "sevmer" is not an update strategy',
      remedy: 'Write semver',
      strategy: null,
    })
  })
})

describe('outcomeLines', () => {
  async function update(): Promise<UpdatableImage> {
    const image = (await rows()).find(isUpdatable)
    if (!image) throw new Error('no update')
    return image
  }

  it.each([
    ['none', 'application.argoproj.io/shop updated: image web 1.4.2 → 1.5.0'],
    ['client', 'application.argoproj.io/shop updated: image web 1.4.2 → 1.5.0 (dry run)'],
    ['server', 'application.argoproj.io/shop updated: image web 1.4.2 → 1.5.0 (server dry run)'],
  ] as const)('applied, --dry-run=%s', async (dryRun, line) => {
    expect(outcomeLines({ image: await update(), state: 'applied' }, dryRun, plain)).toEqual([line])
  })

  it('tells why nothing was written', async () => {
    const image = await update()
    const reason = 'somebody else wrote it already'
    expect(outcomeLines({ image, reason, state: 'unchanged' }, 'none', plain)).toEqual([
      `image web 1.4.2 → 1.5.0: ${reason}`,
    ])
    const error = new UserError('the server\nsaid no', 'Ask for access')
    expect(outcomeLines({ error, image, state: 'failed' }, 'none', plain)).toEqual([
      'error: shop: image web 1.4.2 → 1.5.0: the server\\nsaid no. Ask for access',
    ])
  })
})
