import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type Json, type JsonObject, listAt, objectAt, textAt, valueAt } from '../../src/lib/sandbox/json.ts'
import { type Sandbox, startSandbox } from '../../src/lib/sandbox/sandbox.ts'
import { ApiClient } from './api-client.ts'
import { APPLICATIONS, deployment } from './objects.ts'

let sandbox: Sandbox
let api: ApiClient
const failures: unknown[] = []

beforeAll(async () => {
  sandbox = await startSandbox({ onError: (error) => failures.push(error) })
  api = new ApiClient(sandbox.apiServer)
})
afterAll(async () => {
  await api.close()
  await sandbox.close()
  expect(failures).toEqual([])
})

const pods = async (namespace: string, app: string): Promise<Json[]> =>
  listAt((await api.get(`/api/v1/namespaces/${namespace}/pods?labelSelector=app=${app}`)).body, 'items')
const running = async (namespace: string, app: string): Promise<string[]> => {
  const found = await pods(namespace, app)
  return found.map((pod) => textAt(pod, 'status', 'containerStatuses', 0, 'imageID'))
}
const get = async (name: string): Promise<JsonObject> => (await api.get(`${APPLICATIONS}/${name}`)).body
const imageId = (repository: string, digest: string | undefined): string =>
  `${sandbox.registryHost}/${repository}@${digest}`

describe('the demonstration world', () => {
  it.each([
    ['gitops-praq-prod', 'Directory', ['gitops-praq:production']],
    ['gitops-praq-kustomize', 'Kustomize', ['gitops-praq:production']],
    ['gitops-praq-helm', 'Helm', ['gitops-praq:production']],
    ['shop', 'Kustomize', ['shop/api:2.0.1', 'shop/web:1.4.2']],
    ['legacy', 'Directory', ['legacy/worker:v1.0.0']],
  ])('has %s from a %s source, synced and healthy', async (name, sourceType, images) => {
    const status = objectAt(await get(name), 'status')
    expect(status).toMatchObject({
      sourceType,
      sync: { status: 'Synced' },
      health: { status: 'Healthy' },
      summary: { images: images.map((image) => `${sandbox.registryHost}/${image}`) },
    })
    expect(listAt(status, 'resources').map((resource) => textAt(resource, 'kind'))).toEqual(
      images.map(() => 'Deployment'),
    )
  })

  it('carries the rules of the asked-for example', async () => {
    const prefix = 'argocd-image-updater.argoproj.io'
    expect(valueAt(await get('gitops-praq-prod'), 'metadata', 'annotations')).toMatchObject({
      [`${prefix}/image-list`]: `app=${sandbox.registryHost}/gitops-praq`,
      [`${prefix}/app.image-tag-filter`]: '^production$',
      [`${prefix}/app.update-strategy`]: 'latest',
      [`${prefix}/write-back-method`]: 'application',
    })
  })

  it('leaves the pull policy of its manifests open, so the default applies', async () => {
    const { body } = await api.get('/apis/apps/v1/namespaces/praq/deployments/gitops-praq')
    const applied = textAt(
      body,
      'metadata',
      'annotations',
      'kubectl.kubernetes.io/last-applied-configuration',
    )
    const container = (object: Json) =>
      valueAt(object, 'spec', 'template', 'spec', 'containers', 0, 'imagePullPolicy')
    expect(container(JSON.parse(applied) as Json)).toBeUndefined()
    expect(container(body)).toBe('IfNotPresent')
  })

  it('runs what the registry holds, by digest', async () => {
    expect(await running('shop', 'web')).toEqual(
      Array(2).fill(imageId('shop/web', sandbox.registry.resolve('shop/web', '1.4.2'))),
    )
  })
})

describe('a tag that moves', () => {
  it('is not pulled again by a bare restart, but with imagePullPolicy Always', async () => {
    const path = '/apis/apps/v1/namespaces/praq/deployments/gitops-praq'
    const old = sandbox.registry.resolve('gitops-praq', 'production')
    const moved = sandbox.push('gitops-praq', 'production')
    const before = (await pods('praq', 'gitops-praq')).map((pod) => textAt(pod, 'metadata', 'name'))
    const restart = (at: string, container: JsonObject = {}) => ({
      spec: {
        template: {
          metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': at } },
          spec: { containers: [{ name: 'app', ...container }] },
        },
      },
    })
    await api.patch(path, 'strategic-merge', restart('1'))
    await sandbox.settle()
    expect((await pods('praq', 'gitops-praq')).map((pod) => textAt(pod, 'metadata', 'name'))).not.toEqual(
      before,
    )
    expect(await running('praq', 'gitops-praq')).toEqual([imageId('gitops-praq', old)])

    await api.patch(path, 'strategic-merge', restart('2', { imagePullPolicy: 'Always' }))
    await sandbox.settle()
    expect(await running('praq', 'gitops-praq')).toEqual([imageId('gitops-praq', moved)])
    // What git does not set is no drift: Argo CD leaves it alone.
    expect(objectAt(await get('gitops-praq-prod'), 'status')).toMatchObject({
      sync: { status: 'Synced' },
      health: { status: 'Healthy' },
    })
    const { body } = await api.get(path)
    expect(textAt(body, 'spec', 'template', 'spec', 'containers', 0, 'imagePullPolicy')).toBe('Always')
  })
})

describe('an image written into an Application', () => {
  it('is rolled out by Argo CD through kustomize.images', async () => {
    const digest = sandbox.registry.resolve('shop/web', '1.5.0')
    const image = `${sandbox.registryHost}/shop/web:1.5.0`
    await api.patch(`${APPLICATIONS}/shop`, 'json', [
      { op: 'replace', path: '/spec/source/kustomize/images/0', value: image },
    ])
    await sandbox.settle()
    expect(await running('shop', 'web')).toEqual(Array(2).fill(imageId('shop/web', digest)))
    const status = objectAt(await get('shop'), 'status')
    expect(status).toMatchObject({ sync: { status: 'Synced' }, health: { status: 'Healthy' } })
    expect(listAt(status, 'summary', 'images')).toContain(image)
    expect(listAt(status, 'history').map((entry) => valueAt(entry, 'id'))).toEqual([0, 1])
  })

  it('is rolled out through helm.parameters, with its digest', async () => {
    const digest = sandbox.push('gitops-praq', 'production')
    await api.patch(`${APPLICATIONS}/gitops-praq-helm`, 'merge', {
      spec: { source: { helm: { parameters: [{ name: 'image.tag', value: `production@${digest}` }] } } },
    })
    await sandbox.settle()
    expect(await running('praq-helm', 'gitops-praq')).toEqual([imageId('gitops-praq', digest)])
    expect(listAt(await get('gitops-praq-helm'), 'status', 'summary', 'images')).toEqual([
      `${sandbox.registryHost}/gitops-praq:production@${digest}`,
    ])
  })

  it('that does not exist leaves the old pod running, and the Application progressing', async () => {
    const before = await running('praq-kustomize', 'gitops-praq')
    const images = [`${sandbox.registryHost}/gitops-praq:missing`]
    await api.patch(`${APPLICATIONS}/gitops-praq-kustomize`, 'merge', {
      spec: { source: { kustomize: { images } } },
    })
    await sandbox.settle()
    const found = await pods('praq-kustomize', 'gitops-praq')
    expect(found.map((pod) => textAt(pod, 'status', 'phase')).sort()).toEqual(['Pending', 'Running'])
    expect(await running('praq-kustomize', 'gitops-praq')).toEqual(expect.arrayContaining([...before, '']))
    expect(valueAt(await get('gitops-praq-kustomize'), 'status', 'health', 'status')).toBe('Progressing')

    sandbox.push('gitops-praq', 'missing')
    await sandbox.settle()
    expect(await pods('praq-kustomize', 'gitops-praq')).toHaveLength(1)
    expect(valueAt(await get('gitops-praq-kustomize'), 'status', 'health', 'status')).toBe('Healthy')
  })
})

describe('the simulated controllers', () => {
  const workload = (kind: string, name: string, replicas = 1): JsonObject => {
    const object = structuredClone(deployment(name, `${sandbox.registryHost}/shop/api:2.1.0`))
    return { ...object, kind, spec: { ...objectAt(object, 'spec'), replicas } }
  }

  it.each([
    ['StatefulSet', 'apps/v1', 'statefulsets', 2, { readyReplicas: 2, updatedReplicas: 2 }],
    ['DaemonSet', 'apps/v1', 'daemonsets', 1, { numberReady: 1, updatedNumberScheduled: 1 }],
    ['Rollout', 'argoproj.io/v1alpha1', 'rollouts', 1, { readyReplicas: 1, phase: 'Healthy' }],
  ])(
    'run the pods of a %s, replace them when the template changes, and clean up',
    async (kind, apiVersion, plural, count, status) => {
      const path = `/apis/${apiVersion}/namespaces/default/${plural}`
      const name = plural.slice(0, -1)
      const { replicas: _none, ...spec } = objectAt(workload(kind, name), 'spec')
      const scaled = kind === 'DaemonSet' ? spec : { ...spec, replicas: count }
      await api.post(path, { ...workload(kind, name), apiVersion, spec: scaled })
      await sandbox.settle()
      const first = await pods('default', name)
      expect(first).toHaveLength(count)
      expect((await api.get(`${path}/${name}`)).body['status']).toMatchObject(status)

      await api.patch(`${path}/${name}`, 'merge', {
        spec: { template: { metadata: { annotations: { restart: 'now' } } } },
      })
      await sandbox.settle()
      const second = await pods('default', name)
      const uids = (list: Json[]): string[] => list.map((pod) => textAt(pod, 'metadata', 'uid'))
      expect(second).toHaveLength(count)
      expect(uids(second).filter((uid) => uids(first).includes(uid))).toEqual([])

      await api.send('DELETE', `${path}/${name}`)
      await sandbox.settle()
      expect(await pods('default', name)).toEqual([])
    },
  )

  it('restore a pod that was deleted', async () => {
    const [pod] = await pods('shop', 'api')
    await api.send('DELETE', `/api/v1/namespaces/shop/pods/${textAt(pod, 'metadata', 'name')}`)
    await sandbox.settle()
    const [other] = await pods('shop', 'api')
    expect(textAt(other, 'status', 'phase')).toBe('Running')
    expect(textAt(other, 'metadata', 'name')).not.toBe(textAt(pod, 'metadata', 'name'))
  })

  it('undo a change of what git sets, for the Application heals itself', async () => {
    const path = '/apis/apps/v1/namespaces/legacy/deployments/worker'
    await api.patch(path, 'merge', { spec: { replicas: 4 } })
    await sandbox.settle()
    expect(valueAt((await api.get(path)).body, 'spec', 'replicas')).toBe(1)
    expect(await pods('legacy', 'worker')).toHaveLength(1)
  })

  it('act on changes by themselves, without being asked to settle', async () => {
    const watch = api.watch('/api/v1/namespaces/default/pods?watch=true&labelSelector=app=alone')
    await api.post('/apis/apps/v1/namespaces/default/deployments', workload('Deployment', 'alone'))
    for await (const event of watch) if (textAt(event, 'object', 'status', 'phase') === 'Running') break
    expect(await running('default', 'alone')).toEqual([
      imageId('shop/api', sandbox.registry.resolve('shop/api', '2.1.0')),
    ])
  })

  it('say so when an Application cannot be rendered or applied', async () => {
    const lost = {
      metadata: { name: 'lost' },
      spec: {
        project: 'default',
        source: { repoURL: 'https://x', path: 'y' },
        destination: { namespace: 'default' },
      },
    }
    await api.post(APPLICATIONS, lost)
    const shop = objectAt(await get('shop'), 'spec')
    const homeless = { ...shop, destination: { namespace: 'nowhere' } }
    await api.post(APPLICATIONS, { metadata: { name: 'homeless' }, spec: homeless })
    await sandbox.settle()
    expect(valueAt(await get('lost'), 'status', 'conditions', 0, 'type')).toBe('ComparisonError')
    expect(valueAt(await get('homeless'), 'status', 'operationState')).toMatchObject({
      phase: 'Failed',
      message: 'namespaces "nowhere" not found',
    })
    for (const name of ['lost', 'homeless']) await api.send('DELETE', `${APPLICATIONS}/${name}`)
  })
})

describe('the kubeconfig', () => {
  it('is readable by its owner alone and names the registry to other commands', async () => {
    expect((await stat(sandbox.kubeconfigPath)).mode & 0o777).toBe(0o600)
    const config = parse(sandbox.kubeconfig) as Json
    const extensions = [
      { name: 'kubectl-image-updater', extension: { plainHttpRegistries: [sandbox.registryHost] } },
    ]
    expect(valueAt(config, 'clusters', 0, 'cluster', 'extensions')).toEqual(extensions)
    expect(valueAt(config, 'contexts', 0, 'context')).toEqual({
      cluster: 'sandbox',
      user: 'sandbox',
      namespace: 'argocd',
      extensions,
    })
  })

  it('goes away at the end, and a directory that was given stays', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'sandbox-test-'))
    await writeFile(join(directory, 'kubeconfig'), 'of an earlier start', { mode: 0o644 })
    const inDirectory = await startSandbox({ directory })
    const ownDirectory = await startSandbox()
    expect((await stat(join(directory, 'kubeconfig'))).mode & 0o777).toBe(0o600)
    await Promise.all([inDirectory.close(), ownDirectory.close()])
    expect(await readdir(directory)).toEqual([])
    await expect(stat(ownDirectory.kubeconfigPath)).rejects.toThrow('ENOENT')
    await rm(directory, { recursive: true })
  })

  it('is not written when a port is taken', async () => {
    const start = startSandbox({ port: sandbox.apiServer.port })
    await expect(start).rejects.toThrow('EADDRINUSE')
  })
})
