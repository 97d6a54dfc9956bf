import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { operatorEnvironment, startPlugin } from '../e2e/world/plugin.ts'
import { type AdminApi, openAdminApi } from './testbed/kubernetes-api.ts'

const { kubernetes } = inject('testbed')
const namespace = 'image-updater-rights'
const resources = `/apis/argocd-image-updater.argoproj.io/v1alpha1/namespaces/${namespace}/imageupdaters`
const applications = `/apis/argoproj.io/v1alpha1/namespaces/${namespace}/applications`

let api: AdminApi
let home: string
beforeAll(async () => {
  api = await openAdminApi(kubernetes)
  home = await mkdtemp(join(tmpdir(), 'image-updater-rights-'))
  await create('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
  await create(applications, {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: {
      name: 'shop',
      annotations: { 'argocd-image-updater.argoproj.io/image-list': 'own=ghcr.io/shop/web:^1' },
    },
    spec: {
      project: 'default',
      destination: { server: 'https://kubernetes.default.svc', namespace },
      source: { repoURL: 'https://git.example.com/shop.git', path: '.' },
    },
  })
  await create(resources, {
    apiVersion: 'argocd-image-updater.argoproj.io/v1alpha1',
    kind: 'ImageUpdater',
    metadata: { name: 'billing' },
    spec: { applicationRefs: [{ namePattern: 'billing', useAnnotations: true }] },
  })
  const role = (name: string, group: string, resource: string) => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name },
    rules: [{ apiGroups: [group], resources: [resource], verbs: ['get', 'list'] }],
  })
  const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`
  await create(`${rbac}/roles`, role('applications', 'argoproj.io', 'applications'))
  await create(`${rbac}/rolebindings`, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'dev' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'applications' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'dev' }],
  })
})
afterAll(async () => {
  await api.close()
  await rm(home, { recursive: true, force: true })
})

async function create(path: string, object: object): Promise<void> {
  expect(await api.send('POST', path, object)).toMatchObject({ status: 201 })
}

describe('list, on the real API server', () => {
  const list = (context: string) =>
    startPlugin(['list', '--context', context, '-n', namespace], {
      env: operatorEnvironment(home, kubernetes.kubeconfig),
    }).finished

  it('is quiet for who may read ImageUpdaters', async () => {
    const { code, stdout, stderr } = await list('admin')
    expect({ code, warned: stderr.includes('Warning') }).toEqual({ code: 0, warned: false })
    expect(stdout).toMatch(/shop +own .* annotation\n/)
  })

  it('goes on for who may not, and warns that there may be rules that are not seen', async () => {
    const { code, stdout, stderr } = await list('dev')
    expect(code).toBe(0)
    expect(stdout).toMatch(/shop +own .* annotation\n/)
    expect(stderr).toMatch(
      /^Warning: .*may have rules that are not seen: .*User "dev" cannot list resource "imageupdaters".*can-i list imageupdaters/m,
    )
  })
})

describe('the ImageUpdater type', () => {
  it('keeps status apart from the rest', async () => {
    const status = { status: { applicationsMatched: 3 } }
    const merge = 'application/merge-patch+json'
    const below = await api.send('PATCH', `${resources}/billing`, status, merge)
    expect(below.body).not.toHaveProperty('status')
    const apart = await api.send('PATCH', `${resources}/billing/status`, status, merge)
    expect(apart.body).toMatchObject({ metadata: { generation: 1 }, status: { applicationsMatched: 3 } })
  })
})
