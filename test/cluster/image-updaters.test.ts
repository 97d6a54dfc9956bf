import { describe, expect, it } from 'vitest'
import { listImageUpdaters } from '../../src/lib/cluster/image-updaters.ts'
import { type Answer, type SeenRequest, status, testApiServer } from './api-server.ts'
import { openTestCluster } from './open-test-cluster.ts'

const GROUP = '/apis/argocd-image-updater.argoproj.io/v1alpha1'
const updater = { metadata: { name: 'updater', namespace: 'argocd' }, spec: {} }
const forbidden = status(403, 'Forbidden', 'imageupdaters is forbidden: User "dev" cannot list it')

async function cluster(answer: (request: SeenRequest) => Answer) {
  const server = await testApiServer(answer)
  return { client: await openTestCluster({ server: server.url }), requests: server.requests }
}

describe('listImageUpdaters', () => {
  it('asks once a namespace, or once for all', async () => {
    const { client, requests } = await cluster(() => ({
      kind: 'ImageUpdaterList',
      metadata: {},
      items: [updater],
    }))
    const { objects, problems } = await listImageUpdaters(client, ['argocd', 'team-a'])
    expect(objects).toMatchObject([updater, updater])
    expect(problems).toEqual([])
    await listImageUpdaters(client, [''])
    expect(requests.map(({ url }) => url.pathname)).toEqual([
      `${GROUP}/namespaces/argocd/imageupdaters`,
      `${GROUP}/namespaces/team-a/imageupdaters`,
      `${GROUP}/imageupdaters`,
    ])
  })

  it('finds none where the type does not exist', async () => {
    const { client } = await cluster(() => ({ status: 404, text: '404 page not found\n' }))
    expect(await listImageUpdaters(client, ['argocd'])).toEqual({ objects: [], problems: [] })
  })

  it('finds none where the type does not exist, for a user who may not list it either', async () => {
    const { client } = await cluster(({ url }) =>
      url.pathname === GROUP ? { status: 404, text: '404 page not found\n' } : forbidden,
    )
    expect(await listImageUpdaters(client, ['argocd'])).toEqual({ objects: [], problems: [] })
  })

  it('tells where they are and may not be listed', async () => {
    const { client } = await cluster(({ url }) =>
      url.pathname === GROUP ? { kind: 'APIResourceList', resources: [] } : forbidden,
    )
    expect(await listImageUpdaters(client, ['argocd'])).toEqual({
      objects: [],
      problems: [
        {
          kind: 'ImageUpdater',
          namespace: 'argocd',
          name: '',
          reason: 'Forbidden',
          problem: 'imageupdaters is forbidden: User "dev" cannot list it',
          remedy:
            'Ask for the right; kubectl auth can-i list imageupdaters.argocd-image-updater.argoproj.io -n argocd',
        },
      ],
    })
  })

  it('passes on that the server is in trouble', async () => {
    const { client } = await cluster(() => status(400, 'BadRequest', 'no'))
    await expect(listImageUpdaters(client, ['argocd'])).rejects.toThrow('no')
  })
})
