import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest'
import { operatorEnvironment, startPlugin } from '../e2e/world/plugin.ts'
import { type AdminApi, openAdminApi } from './testbed/kubernetes-api.ts'
import { pushImage } from './testbed/push-image.ts'
import { openRegistry } from './testbed/registry-http.ts'

const { kubernetes, registries } = inject('testbed')
const { host, username, password } = registries.basic
const PREFIX = 'argocd-image-updater.argoproj.io'
const REPOSITORY = 'private/web'
const NAMESPACE = '/api/v1/namespaces/argocd'
const APPLICATIONS = '/apis/argoproj.io/v1alpha1/namespaces/argocd/applications'
const RBAC = '/apis/rbac.authorization.k8s.io/v1/namespaces/argocd'

let api: AdminApi
let home: string
const created: string[] = []

beforeAll(async () => {
  api = await openAdminApi(kubernetes)
  home = await mkdtemp(join(tmpdir(), 'operator-'))
  const registry = await openRegistry(registries.basic)
  for (const tag of ['1.0.0', '1.1.0']) await pushImage(registry, REPOSITORY, [tag], {})
  await registry.close()
})
afterEach(async () => {
  for (const path of created.splice(0)) await api.send('DELETE', path)
})
afterAll(async () => {
  await api.close()
  await rm(home, { recursive: true, force: true })
})

async function create(collection: string, name: string, object: object): Promise<void> {
  const answer = await api.send('POST', collection, { metadata: { name, namespace: 'argocd' }, ...object })
  expect(answer).toMatchObject({ status: 201 })
  created.push(`${collection}/${name}`)
}

/** An Application whose one image follows 1.x of `image`. */
async function application(name: string, image: string, annotations: Record<string, string>): Promise<void> {
  const written = Object.entries({ 'image-list': `web=${image}:1.x`, ...annotations })
  await create(APPLICATIONS, name, {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: {
      name,
      namespace: 'argocd',
      annotations: Object.fromEntries(written.map(([key, value]) => [`${PREFIX}/${key}`, value])),
    },
    spec: {
      project: 'default',
      destination: { server: 'https://kubernetes.default.svc', namespace: 'shop' },
      source: {
        repoURL: 'https://git.example.com/x.git',
        path: '.',
        kustomize: { images: [`${image}:1.0.0`] },
      },
    },
  })
}

async function pullSecret(name: string, registry: string): Promise<void> {
  const auths = { [registry]: { username, password } }
  await create(`${NAMESPACE}/secrets`, name, {
    type: 'kubernetes.io/dockerconfigjson',
    stringData: { '.dockerconfigjson': JSON.stringify({ auths }) },
  })
}

async function check(...args: string[]) {
  const env = operatorEnvironment(home, kubernetes.kubeconfig)
  const plugin = startPlugin(['check', '-n', 'argocd', '--plain-http-registry', host, ...args], { env })
  return plugin.finished
}

describe('a pull secret in the cluster', () => {
  it.each([
    ['a pull secret', 'pullsecret:argocd/regcred'],
    ['user:password in a field', 'secret:argocd/login#registry'],
  ])('%s lets the operator see what the registry has', async (_, source) => {
    await pullSecret('regcred', host)
    await create(`${NAMESPACE}/secrets`, 'login', { stringData: { registry: `${username}:${password}` } })
    await application('private', `${host}/${REPOSITORY}`, { 'web.pull-secret': source })
    const { code, stdout, stderr } = await check('private')
    expect({ code, stderr }).toMatchObject({ code: 0 })
    expect(stdout).toMatch(/private +web +1\.0\.0 +1\.1\.0/)
    expect(stdout + stderr).not.toContain(password)
  })

  it('that is missing stops its own image with one line', async () => {
    await pullSecret('regcred', host)
    await application('private', `${host}/${REPOSITORY}`, { 'pull-secret': 'pullsecret:argocd/regcred' })
    await application('unlucky', `${host}/${REPOSITORY}`, { 'pull-secret': 'pullsecret:argocd/absent' })
    const { code, stdout } = await check('private', 'unlucky')
    expect(code).toBe(1)
    expect(stdout).toMatch(/private +web +1\.0\.0 +1\.1\.0/)
    expect(stdout).toContain('pullsecret argocd/absent: secrets "absent" not found')
  })

  it('that is for another registry is not sent', async () => {
    await pullSecret('elsewhere', 'registry.example.com')
    await application('private', `${host}/${REPOSITORY}`, { 'pull-secret': 'pullsecret:argocd/elsewhere' })
    const { code, stdout } = await check('private')
    expect(code).toBe(1)
    expect(stdout).toContain(`pullsecret argocd/elsewhere has no login for ${host}`)
  })

  it('that the operator may not read is one line, and so is the ConfigMap', async () => {
    await pullSecret('regcred', host)
    await application('private', `${host}/${REPOSITORY}`, { 'pull-secret': 'pullsecret:argocd/regcred' })
    await create(`${RBAC}/roles`, 'applications-only', {
      rules: [{ apiGroups: ['argoproj.io'], resources: ['applications'], verbs: ['get', 'list'] }],
    })
    await create(`${RBAC}/rolebindings`, 'applications-only', {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'applications-only' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'viewer' }],
    })
    const { code, stdout, stderr } = await check('private', '--context', 'viewer')
    expect(code).toBe(1)
    expect(stdout).toContain('pullsecret argocd/regcred: secrets "regcred" is forbidden')
    expect(stderr.match(/^Warning: configmaps "argocd-image-updater-config" is forbidden/gm)).toHaveLength(1)
  })
})

describe('registries.conf', () => {
  const conf = (credentials: string) =>
    `registries:\n- name: Corp\n  prefix: corp.example\n  api_url: http://${host}\n  credentials: ${credentials}\n`

  it('of the ConfigMap tells where images are asked for, with a Secret of its namespace', async () => {
    await pullSecret('regcred', host)
    await create(`${NAMESPACE}/configmaps`, 'argocd-image-updater-config', {
      data: { 'registries.conf': conf('pullsecret:argocd/regcred') },
    })
    await application('private', `corp.example/${REPOSITORY}`, {})
    const { code, stdout, stderr } = await check('private')
    expect({ code, stderr }).toMatchObject({ code: 0 })
    expect(stdout).toMatch(/private +web +1\.0\.0 +1\.1\.0/)
  })

  it('of the operator runs their program', async () => {
    const program = join(home, 'login')
    await writeFile(program, `#!/bin/sh\necho Welcome\necho ${username}:${password}\n`)
    await chmod(program, 0o700)
    const file = join(home, 'registries.conf')
    await writeFile(file, conf(`ext:${program}`))
    await application('private', `corp.example/${REPOSITORY}`, {})
    const { code, stdout, stderr } = await check('private', '--registries-conf', file, '-v', '6')
    expect({ code, stderr }).toMatchObject({ code: 0 })
    expect(stdout).toMatch(/private +web +1\.0\.0 +1\.1\.0/)
    expect(stderr).toContain(`run ${program}\n`)
    expect(stdout + stderr).not.toContain(password)
  })
})
