import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, inject, it, type TestContext, vi } from 'vitest'
import { runningDigests } from '../e2e/world/cluster-facts.ts'
import type { Running } from '../e2e/world/plugin.ts'
import { canRunPods, openPod, type Pod } from '../e2e/world/pod.ts'
import { startWorld, type World } from '../e2e/world/world.ts'
import { type AdminApi, openAdminApi } from './testbed/kubernetes-api.ts'

vi.setConfig({ testTimeout: 120_000 })

const { kubernetes } = inject('testbed')
const RBAC = 'rbac.authorization.k8s.io'
const LEASE = 'kubectl-image-updater-watch'

/** A world with an Application that follows `production`, and an API for what the kubelet and an admin do. */
async function openCluster(test: TestContext): Promise<{ world: World; api: AdminApi }> {
  const [world, api] = [await startWorld(), await openAdminApi(kubernetes)]
  test.onTestFinished(async () => {
    await world.close()
    await api.close()
  })
  const image = world.repository('shop')
  await world.push('shop', 'production')
  await world.deploy({
    images: { app: `${image}:production` },
    name: 'shop',
    rules: {
      'app.image-tag-filter': '^production$',
      'app.update-strategy': 'newest-build',
      'image-list': `app=${image}`,
    },
  })
  await world.settle()
  return { api, world }
}

/** A service account that may do anything in the namespaces of the world, and nothing elsewhere. */
async function createAccount(api: AdminApi, { namespace, workloads }: World): Promise<void> {
  for (const where of [namespace, workloads]) {
    await create(api, `/apis/${RBAC}/v1/namespaces/${where}/roles`, {
      metadata: { name: 'updater' },
      rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }],
    })
    await create(api, `/apis/${RBAC}/v1/namespaces/${where}/rolebindings`, {
      metadata: { name: 'updater' },
      roleRef: { apiGroup: RBAC, kind: 'Role', name: 'updater' },
      subjects: [{ kind: 'ServiceAccount', name: 'updater', namespace }],
    })
  }
  await create(api, `/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name: 'updater' } })
}

async function create(api: AdminApi, path: string, object: object): Promise<unknown> {
  const { body, status } = await api.send('POST', path, object)
  expect({ body, status }).toMatchObject({ status: 201 })
  return body
}

/** As the kubelet asks for one. */
async function tokenFor(api: AdminApi, { namespace }: World): Promise<string> {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/updater/token`
  const request = {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds: 600 },
  }
  const { status } = (await create(api, path, request)) as { status: { token: string } }
  return status.token
}

async function openPodIn(
  test: TestContext,
  world: World,
  token: string,
  host = '127.0.0.1',
  port = new URL(kubernetes.server).port,
): Promise<Pod> {
  const folder = await mkdtemp(join(tmpdir(), 'image-updater-pod-'))
  test.onTestFinished(() => rm(folder, { force: true, recursive: true }))
  const certificateAuthority = await readFile(kubernetes.caFile, 'utf8')
  return openPod({
    account: { certificateAuthority, namespace: world.namespace, token },
    folder,
    server: { host, port },
  })
}

/** The program with the flags of a Deployment; it is ended with the test at the latest. */
function watching(test: TestContext, pod: Pod, { registryHost }: World, ...args: string[]): Running {
  const flags = ['--interval', '10s', '--lease', '--plain-http-registry', registryHost]
  const running = pod.start(['watch', ...flags, ...args])
  test.onTestFinished(async () => {
    running.signal('SIGKILL')
    await running.finished.catch(() => {})
  })
  return running
}

async function lease(
  api: AdminApi,
  { namespace }: World,
): Promise<{ holderIdentity: string; renewTime: string }> {
  const { body } = await api.send(
    'GET',
    `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/${LEASE}`,
  )
  return (body as { spec: { holderIdentity: string; renewTime: string } }).spec
}

function eventsOf({ stdout }: { readonly stdout: string }): Record<string, unknown>[] {
  const lines = stdout.split('\n').slice(0, -1)
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>)
}

const typesOf = (running: Running) => eventsOf(running).map(({ type }) => type)

describe.skipIf(!canRunPods)('watch in a Pod', () => {
  it('runs with its service account, an emptyDir and nothing else, and ends in good order', async (test) => {
    const { api, world } = await openCluster(test)
    await createAccount(api, world)
    const pod = await openPodIn(test, world, await tokenFor(api, world))
    const running = watching(test, pod, world, '-o', 'json', '--metrics-addr', '127.0.0.1:0')
    await running.until(() => expect(typesOf(running)).toContain('cycle'))
    const moved = await world.push('shop', 'production')
    await running.until(() => expect(typesOf(running)).toContain('applied'))
    expect((await lease(api, world)).holderIdentity).toMatch(/^65532@\S+ \d+\//)
    const [, address] = /metrics and probes at (\S+)$/m.exec(running.stderr) ?? []
    expect(await (await fetch(`${address}/readyz`)).text()).toBe('ok\n')
    expect(await (await fetch(`${address}/metrics`)).text()).toContain(
      `image_updater_lease_held{context="in-cluster",namespace="${world.namespace}",lease="${LEASE}"} 1`,
    )

    running.signal('SIGTERM')
    const { code, stderr } = await running.finished
    expect({ code, stderr }).toMatchObject({ code: 0 })
    // It may not look into argocd, which is not one of its namespaces.
    const others = stderr
      .split('\n')
      .filter((line) => !line.includes('"argocd-image-updater-config" is forbidden'))
    expect(others.join('\n')).not.toMatch(/Warning|error/i)
    expect(typesOf(running).at(-1)).toBe('stopped')
    expect((await lease(api, world)).holderIdentity).toBe('')
    await world.settle()
    expect(await runningDigests(world, 'shop')).toEqual([moved])
    expect(await readdir(pod.emptyDir)).toContain('kubectl-image-updater')
  })

  it('prints lines for kubectl logs', async (test) => {
    const { api, world } = await openCluster(test)
    await createAccount(api, world)
    const pod = await openPodIn(test, world, await tokenFor(api, world))
    const running = watching(test, pod, world)
    await running.until(() => expect(running.stdout).toContain('up to date'))
    await world.push('shop', 'production')
    await running.until(() => expect(running.stdout).toMatch(/^\d\d:\d\d:\d\d {2}shop\/app .* applied/m))
    expect(running.stderr).toContain(`Context in-cluster · namespace ${world.namespace} · polling every 10s`)
    expect(running.stderr).toContain('lease: this watch has the turn')
    expect(running.stdout + running.stderr).not.toMatch(/[^\P{Cc}\n]/u)
  })

  it('goes on with the new token when the old one is none any more', async (test) => {
    const { api, world } = await openCluster(test)
    await createAccount(api, world)
    const pod = await openPodIn(test, world, await tokenFor(api, world))
    const running = watching(test, pod, world, '-o', 'json', '-v', '6')
    await running.until(() => expect(typesOf(running)).toContain('cycle'))
    const account = `/api/v1/namespaces/${world.namespace}/serviceaccounts`
    expect(await api.send('DELETE', `${account}/updater`)).toMatchObject({ status: 200 })
    await create(api, account, { metadata: { name: 'updater' } })
    // The API server itself remembers for some seconds who showed a token.
    await running.until(() => expect(running.stderr).toMatch(/ 401 in /))
    await pod.rotate(await tokenFor(api, world))
    await world.push('shop', 'production')
    await running.until(() => expect(typesOf(running)).toContain('applied'))
    running.signal('SIGTERM')
    expect(await running.finished).toMatchObject({ code: 0 })
  })

  it('reaches an API server by IPv6', async (test) => {
    const { api, world } = await openCluster(test)
    await createAccount(api, world)
    const [, port] = kubernetes.server.split('//127.0.0.1:')
    const forwarder = createServer((socket) => {
      const onward = connect(Number(port), '127.0.0.1')
      socket.pipe(onward).pipe(socket)
      socket.on('error', () => onward.destroy())
      onward.on('error', () => socket.destroy())
    })
    forwarder.listen(0, '::1')
    await once(forwarder, 'listening')
    test.onTestFinished(() => void forwarder.close())
    const { port: own } = forwarder.address() as AddressInfo
    const pod = await openPodIn(test, world, await tokenFor(api, world), '::1', String(own))
    const running = watching(test, pod, world, '--once', '-v', '6')
    const { code, stderr, stdout } = await running.finished
    expect({ code, stderr, stdout }).toMatchObject({ code: 0 })
    expect(stderr).toContain(`GET https://[::1]:${own}/apis/argoproj.io/v1alpha1`)
    expect(stdout).toContain('up to date')
  })
})
