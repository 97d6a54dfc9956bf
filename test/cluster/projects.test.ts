import { describe, expect, it } from 'vitest'
import type { Application } from '../../src/lib/application/application.ts'
import { isMissing, ProjectReader } from '../../src/lib/cluster/projects.ts'
import { type Answer, type SeenRequest, status, testApiServer } from './api-server.ts'
import { openTestCluster } from './open-test-cluster.ts'

const place = (namespace: string, name: string) =>
  `/apis/argoproj.io/v1alpha1/namespaces/${namespace}/appprojects/${name}`
const project = { metadata: { name: 'prod', namespace: 'argocd' }, spec: {} }
const notFound = status(404, 'NotFound', 'appprojects.argoproj.io "prod" not found')
const forbidden = status(403, 'Forbidden', 'appprojects is forbidden: User "dev" cannot get it')

const application = (namespace: string, name: unknown = 'prod') =>
  ({ metadata: { name: 'shop', namespace }, spec: { project: name } }) as unknown as Application

async function cluster(answer: (path: string, request: SeenRequest) => Answer) {
  const server = await testApiServer((request) => answer(request.url.pathname, request))
  const client = await openTestCluster({ server: server.url })
  return { asked: () => server.requests.map(({ url }) => url.pathname), client }
}

describe('the AppProject of an Application', () => {
  it('is in its namespace, and is read once a cycle', async () => {
    const { asked, client } = await cluster(() => project)
    const reader = new ProjectReader(client)
    const read = await Promise.all([reader.read(application('argocd')), reader.read(application('argocd'))])
    expect(read).toEqual([{ project }, { project }])
    expect(asked()).toEqual([place('argocd', 'prod')])
    reader.newCycle()
    await reader.read(application('argocd'))
    expect(asked()).toHaveLength(2)
  })

  it.each<[project: unknown]>([[''], [undefined], [null]])('is "default" where it is %j', async (name) => {
    const { asked, client } = await cluster(() => project)
    await new ProjectReader(client).read({ ...application('argocd'), spec: { project: name } })
    expect(asked()).toEqual([place('argocd', 'default')])
  })

  it('is looked for in argocd, for Applications in any namespace', async () => {
    const { asked, client } = await cluster((path) => (path === place('argocd', 'prod') ? project : notFound))
    const reader = new ProjectReader(client)
    expect(await reader.read(application('team-a'))).toEqual({ project })
    expect(await reader.read(application('team-b'))).toEqual({ project })
    expect(asked()).toEqual([place('team-a', 'prod'), place('argocd', 'prod'), place('team-b', 'prod')])
  })

  it('is looked for nowhere else where the namespace of Argo CD is told', async () => {
    const { asked, client } = await cluster(() => notFound)
    const read = await new ProjectReader(client, 'gitops').read(application('team-a'))
    expect(read).toMatchObject({ problem: { namespace: 'gitops', reason: 'NotFound' } })
    expect(asked()).toEqual([place('gitops', 'prod')])
  })
})

describe('an AppProject that is not read', () => {
  const answers = (own: Answer, controlPlane: Answer) => (path: string) =>
    path === place('argocd', 'prod') ? controlPlane : own

  it.each<[what: string, own: Answer, controlPlane: Answer, problem: object, missing: boolean]>([
    ['is nowhere', notFound, notFound, { namespace: 'argocd', reason: 'NotFound' }, true],
    ['may not be read', forbidden, forbidden, { namespace: 'team-a', reason: 'Forbidden' }, false],
    [
      'may be where nobody may look',
      forbidden,
      notFound,
      { namespace: 'team-a', reason: 'Forbidden' },
      false,
    ],
    ['may be in argocd, unread', notFound, forbidden, { namespace: 'argocd', reason: 'Forbidden' }, false],
    [
      'is of an unknown type',
      { status: 404, text: '404 page not found\n' },
      { status: 404, text: '404 page not found\n' },
      { reason: 'NoSuchResourceType' },
      true,
    ],
  ])('%s', async (_, own, controlPlane, problem, missing) => {
    const { client } = await cluster(answers(own, controlPlane))
    const read = await new ProjectReader(client).read(application('team-a'))
    expect(read).toMatchObject({ problem: { kind: 'AppProject', name: 'prod', ...problem } })
    expect('problem' in read && isMissing(read.problem)).toBe(missing)
  })

  it('is found in argocd, even where the own namespace may not be read', async () => {
    const { client } = await cluster(answers(forbidden, project))
    expect(await new ProjectReader(client).read(application('team-a'))).toEqual({ project })
  })

  it.each<[name: unknown, problem: string]>([
    [7, 'application "shop": spec.project is not a text but number'],
    ['../secrets/x', '"../secrets/x" cannot be part of the address of appprojects'],
    ['..', '".." cannot be part of the address of appprojects'],
  ])('has the name %j', async (name, problem) => {
    const { asked, client } = await cluster(() => project)
    const read = await new ProjectReader(client).read(application('argocd', name))
    expect(read).toMatchObject({ problem: { problem, reason: 'Broken' } })
    expect(asked()).toEqual([])
  })

  it('passes on that the server is in trouble', async () => {
    const { client } = await cluster(() => status(400, 'BadRequest', 'no'))
    await expect(new ProjectReader(client).read(application('argocd'))).rejects.toThrow('no')
  })
})
