import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { type AdminApi, openAdminApi } from './testbed/kubernetes-api.ts'

const { kubernetes } = inject('testbed')
const applications = '/apis/argoproj.io/v1alpha1/namespaces/argocd/applications'
const application = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'shop', namespace: 'argocd' },
  spec: {
    project: 'default',
    destination: { server: 'https://kubernetes.default.svc', namespace: 'shop' },
    source: {
      repoURL: 'https://git.example.com/shop.git',
      path: 'overlays/prod',
      kustomize: { images: ['registry.example.com/shop/web:1.2.0'] },
    },
  },
}

/** The API server says this of every patch that it cannot carry out: a failed test, a path that is not there. */
const UNEXPLAINED_REFUSAL = {
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message: 'the server rejected our request due to an error in our request',
  reason: 'Invalid',
  details: {},
  code: 422,
}

let api: AdminApi
beforeAll(async () => {
  api = await openAdminApi(kubernetes)
  expect(await api.send('POST', applications, application)).toMatchObject({ status: 201 })
})
afterAll(async () => {
  await api.send('DELETE', `${applications}/shop`)
  await api.close()
})

async function kubectl(...args: string[]): Promise<string> {
  const env = { ...process.env, KUBECONFIG: kubernetes.kubeconfig }
  const { stdout } = await promisify(execFile)('kubectl', args, { env })
  return stdout
}

describe('kubectl on the real API server', () => {
  it('reads an Application in the namespace of the context', async () => {
    const output = await kubectl('get', 'applications.argoproj.io', '-o', 'name')
    expect(output).toBe('application.argoproj.io/shop\n')
  })

  it.each(['dev', 'viewer'])('is refused as %s, whom nobody has granted anything', async (context) => {
    await expect(kubectl('--context', context, 'get', 'applications')).rejects.toThrow(
      `User "${context}" cannot list resource "applications"`,
    )
  })
})

describe('JSON Patch with `test` on the real API server', () => {
  const patch = (operations: object[], query = '') =>
    api.send('PATCH', `${applications}/shop${query}`, operations, 'application/json-patch+json')
  const image = '/spec/source/kustomize/images/0'

  it('refuses the whole patch when a test fails, without saying which', async () => {
    const answer = await patch([
      { op: 'test', path: image, value: 'registry.example.com/shop/web:1.1.0' },
      { op: 'replace', path: image, value: 'registry.example.com/shop/web:1.3.0' },
    ])
    expect(answer).toEqual({ status: 422, body: UNEXPLAINED_REFUSAL })
    const { body } = await api.send('GET', `${applications}/shop`)
    expect(body).toMatchObject({ spec: application.spec })
  })

  it.each([
    { name: 'a test of an old resourceVersion', op: 'test', path: '/metadata/resourceVersion', value: '1' },
    { name: 'a test of a field that is absent', op: 'test', path: '/spec/source/helm', value: {} },
    {
      name: 'a test beyond the end of a list',
      op: 'test',
      path: '/spec/source/kustomize/images/9',
      value: '',
    },
    {
      name: 'a replacement below a field that is absent',
      op: 'replace',
      path: '/spec/source/helm/values',
      value: '',
    },
    {
      name: 'an addition below a field that is absent',
      op: 'add',
      path: '/spec/source/helm/values',
      value: '',
    },
  ])('answers the same to $name', async ({ name: _, ...operation }) => {
    expect(await patch([operation])).toEqual({ status: 422, body: UNEXPLAINED_REFUSAL })
  })

  it('takes an absent field for null in a test', async () => {
    const answer = await patch([{ op: 'test', path: '/spec/source/helm', value: null }], '?dryRun=All')
    expect(answer).toMatchObject({ status: 200 })
  })

  it('accepts it on a dry run without storing it', async () => {
    const replaced = 'registry.example.com/shop/web:1.3.0'
    const answer = await patch(
      [
        { op: 'test', path: image, value: 'registry.example.com/shop/web:1.2.0' },
        { op: 'replace', path: image, value: replaced },
      ],
      '?dryRun=All',
    )
    expect(answer).toMatchObject({
      status: 200,
      body: { spec: { source: { kustomize: { images: [replaced] } } } },
    })
    const { body } = await api.send('GET', `${applications}/shop`)
    expect(body).toMatchObject({ spec: application.spec })
  })

  it('answers 409 Conflict when resourceVersion is replaced with an old one', async () => {
    const { body } = await api.send('GET', `${applications}/shop`)
    const { resourceVersion } = (body as { metadata: { resourceVersion: string } }).metadata
    const annotate = { op: 'add', path: '/metadata/annotations', value: { changed: 'by somebody else' } }
    expect(await patch([annotate])).toMatchObject({ status: 200 })
    const answer = await patch([{ op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion }])
    expect(answer).toMatchObject({ status: 409, body: { reason: 'Conflict' } })
  })
})
