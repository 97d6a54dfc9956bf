import { describe, expect, it } from 'vitest'
import type { Application } from '../../src/lib/application/application.ts'
import {
  changeNumber,
  type ImageChange,
  imageHistory,
  numberedImage,
  previousImage,
} from '../../src/lib/engine/history.ts'
import type { ManagedImage } from '../../src/lib/engine/managed-image.ts'
import { digestOf } from './fake-registry.ts'
import { managedBy, momentOf, withPast } from './operate-world.ts'
import type { ApplicationText } from './world.ts'

const WEB: ApplicationText = { kustomize: ['org/web:1.5.0'], rules: { 'image-list': 'web=org/web' } }

function imageOf(application: Application): ManagedImage {
  const [image] = managedBy(application).images
  if (!image) throw new Error('the Application manages no image')
  return image
}

const historyOf = (application: Application) => imageHistory(imageOf(application))

/** `7 ann set 1.4.2→1.5.0 commit`. */
function face(change: ImageChange): string {
  const { by, commit, from, how, to } = change
  return `${changeNumber(change)} ${by} ${how} ${from}→${to} ${commit.slice(0, 3)}`.trim()
}

describe('the history of an image', () => {
  it('is empty where nobody noted anything', () => {
    expect(historyOf(withPast(WEB, []))).toEqual([])
  })

  it('is read from what Argo CD deployed: only where the image changed', () => {
    const past = withPast(WEB, [
      { id: 4, minute: 0 },
      { id: 5, images: ['org/web:1.4.2'], minute: 1 },
      { id: 6, images: ['org/web:1.4.2', 'org/api:2'], minute: 2 },
      { by: 'bob', id: 7, images: ['org/web:1.5.0', 'org/api:2'], minute: 3 },
    ])
    expect(historyOf(past).map(face)).toEqual(['7 bob sync 1.4.2→1.5.0 777', '5 Argo CD sync →1.4.2 555'])
  })

  it('tells a recorded change and its deployment as one', () => {
    const past = withPast(
      WEB,
      [
        { id: 5, images: ['org/web:1.4.2'], minute: 1 },
        { id: 6, images: ['org/web:1.5.0'], minute: 3 },
      ],
      [{ at: momentOf(2), from: '1.4.2', how: 'watch', to: '1.5.0' }],
    )
    expect(historyOf(past).map(face)).toEqual(['6 ann watch 1.4.2→1.5.0 666', '5 Argo CD sync →1.4.2 555'])
  })

  it('tells there and back apart, also where the clock of the operator is ahead', () => {
    const past = withPast(
      WEB,
      [
        { id: 1, images: ['org/web:1.4.2'], minute: 1 },
        { id: 2, images: ['org/web:1.5.0'], minute: 3 },
        { id: 3, images: ['org/web:1.4.2'], minute: 5 },
      ],
      [
        { at: momentOf(4), from: '1.4.2', to: '1.5.0' },
        { at: momentOf(6), from: '1.5.0', how: 'rollback', to: '1.4.2' },
      ],
    )
    expect(historyOf(past).map(face)).toEqual([
      '3 ann rollback 1.5.0→1.4.2 333',
      '2 ann update 1.4.2→1.5.0 222',
      '1 Argo CD sync →1.4.2 111',
    ])
  })

  it('numbers a change that Argo CD does not know by the record', () => {
    const past = withPast(WEB, [], [{ at: momentOf(2), from: '1.4.2', to: '1.5.0' }])
    expect(historyOf(past).map(face)).toEqual(['r1 ann update 1.4.2→1.5.0'])
  })

  it('leaves out what the record says of other images', () => {
    expect(historyOf(withPast(WEB, [], [{ at: momentOf(2), image: 'api', to: '2' }]))).toEqual([])
  })

  it('reads Helm parameters, and the revision of the source that has the image', () => {
    const application = withPast(
      {
        helm: { 'image.name': 'org/web', 'image.tag': '1.5.0' },
        rules: { 'image-list': 'web=org/web' },
        sourceType: 'Helm',
      },
      [],
    )
    const source = (tag: string) => ({
      helm: {
        parameters: [
          { name: 'image.name', value: 'org/web' },
          { name: 'image.tag', value: tag },
        ],
      },
      repoURL: 'r',
    })
    const history = [
      { deployedAt: momentOf(1), id: 1, revision: 'abc', source: source('1.4.2') },
      {
        deployedAt: momentOf(2),
        id: 2,
        revisions: ['def', 'x'],
        sources: [source('1.5.0'), { repoURL: 's' }],
      },
    ]
    const past = { ...application, status: { ...application.status, history } }
    expect(historyOf(past).map(face)).toEqual(['2  sync 1.4.2→1.5.0 def', '1  sync →1.4.2 abc'])
  })

  it('leaves out entries of another shape', () => {
    const application = withPast(WEB, [{ id: 1, images: ['org/web:1'], minute: 0 }])
    const [good] = (application.status?.['history'] ?? []) as object[]
    for (const bad of [
      null,
      1,
      'x',
      {},
      { ...good, id: '1' },
      { ...good, deployedAt: 7 },
      { ...good, source: [] },
    ]) {
      const history = [bad, good]
      expect(historyOf({ ...application, status: { ...application.status, history } }).length).toBe(1)
    }
    expect(historyOf({ ...application, status: { history: 'none' } })).toEqual([])
  })
})

describe('the image before', () => {
  const past = withPast(
    WEB,
    [
      { id: 1, images: ['org/web:1.3.0'], minute: 1 },
      { id: 2, images: ['org/web:1.4.2'], minute: 2 },
    ],
    [{ at: momentOf(10), from: '1.4.2', to: '1.5.0' }],
  )
  it.each([
    ['of the newest change', '1.5.0', '1.4.2', 'what change r1 replaced (update by ann'],
    ['of one that somebody set by hand', '1.9.0', '1.5.0', 'what change r1'],
    ['after going back', '1.4.2', '1.5.0', 'what change r1'],
  ])('%s', (_, current, text, source) => {
    expect(previousImage(historyOf(past), current)).toMatchObject({
      source: expect.stringContaining(source),
      text,
    })
  })

  it('of a tag that moves is its digest of then', () => {
    const [old, now] = [digestOf('old'), digestOf('new')]
    const moved = withPast(WEB, [], [{ at: momentOf(1), from: `production@${old}`, to: `production@${now}` }])
    expect(previousImage(historyOf(moved), `production@${now}`)).toMatchObject({
      digest: old,
      text: `production@${old}`,
    })
  })

  it('is not known where nothing but the current one is', () => {
    expect(
      previousImage(historyOf(withPast(WEB, [{ id: 1, images: ['org/web:1.5.0'], minute: 1 }])), '1.5.0'),
    ).toBe(undefined)
  })

  it.each([
    ['2', '1.4.2'],
    ['r1', '1.5.0'],
    ['9', undefined],
    ['-1', undefined],
    ['r2', undefined],
  ])('by number %s is %s', (number, text) => {
    expect(numberedImage(imageOf(past), historyOf(past), number)?.text).toBe(text)
  })

  it('by the number of a deployment that changed something else is the one it had', () => {
    const same = withPast(WEB, [
      { id: 1, images: ['org/web:1.4.2'], minute: 1 },
      { id: 2, images: ['org/web:1.4.2', 'org/api:2'], minute: 2 },
    ])
    expect(numberedImage(imageOf(same), historyOf(same), '2')).toMatchObject({
      source: expect.stringContaining('what deployment 2 had'),
      text: '1.4.2',
    })
  })
})
