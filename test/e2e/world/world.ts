import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ClusterError } from '../../../src/lib/cluster/client.ts'
import type { ImageReference } from '../../../src/lib/image/reference.ts'
import {
  HttpSimulationClient,
  type ManifestSource,
  type ServerAccess,
  startControllers,
} from '../../../src/lib/sandbox/index.ts'
import type { JsonObject } from '../../../src/lib/sandbox/json.ts'
import { openBackend, type PushOptions } from './backend.ts'
import { apiDetour, type Detour, registryDetour } from './detour.ts'
import { kubeconfigOf } from './kubeconfig.ts'
import { applicationOf, type Deployed, manifestSource } from './manifests.ts'
import { namespacedClient } from './namespaced-client.ts'
import { type Finished, operatorEnvironment, type Running, startPlugin } from './plugin.ts'

const RESOURCES = {
  Namespace: { group: '', version: 'v1', resource: 'namespaces' },
  Pod: { group: '', version: 'v1', resource: 'pods' },
  Deployment: { group: 'apps', version: 'v1', resource: 'deployments' },
  AppProject: { group: 'argoproj.io', version: 'v1alpha1', resource: 'appprojects' },
  Secret: { group: '', version: 'v1', resource: 'secrets' },
  Event: { group: '', version: 'v1', resource: 'events' },
  Application: { group: 'argoproj.io', version: 'v1alpha1', resource: 'applications' },
  ImageUpdater: {
    group: 'argocd-image-updater.argoproj.io',
    version: 'v1alpha1',
    resource: 'imageupdaters',
  },
} as const
export type Kind = keyof typeof RESOURCES

export interface WorldOptions {
  /** Of the Applications and of the kubeconfig's context; default one that nobody else uses. */
  readonly namespace?: string
  /** Whether the registry wants a login. */
  readonly authentication?: boolean
  /** Whether the plugin reaches API server and registry by detours, for outages and edits in between. */
  readonly detours?: boolean
  /** Digests of images in registries that are not the world's. */
  readonly resolveImage?: (image: ImageReference) => Promise<string | undefined>
}

export interface RunOptions {
  readonly input?: string
  readonly env?: Readonly<Record<string, string>>
}

/** A cluster with Argo CD, a registry and an operator with the plugin; shares nothing with other worlds. */
export interface World {
  /** Unique; part of everything the world names. */
  readonly id: string
  readonly namespace: string
  /** A second namespace with Applications. */
  readonly otherNamespace: string
  /** Where the workloads run. */
  readonly workloads: string
  readonly kubeconfig: string
  /** The operator's home folder. */
  readonly home: string
  readonly env: Readonly<Record<string, string>>
  /** As images of this world name it. */
  readonly registryHost: string
  readonly credentials: { readonly username: string; readonly password: string }
  readonly api: Detour | undefined
  readonly registry: Detour | undefined
  /** `127.0.0.1:port/id/name`: a repository of this world. */
  repository(name: string): string
  /** What CI does after a build. Returns the digest that the tag names now. */
  push(name: string, tag: string, options?: PushOptions): Promise<string>
  /** Puts manifests into git and creates the Application for them. */
  deploy(deployed: Deployed): Promise<void>
  /** Puts other manifests into git for an Application that is there, as Argo CD finds them with `settle`. */
  publish(deployed: Deployed): void
  apply(object: JsonObject): Promise<void>
  read(kind: Kind, namespace: string, name: string): Promise<JsonObject>
  list(kind: Kind, namespace: string): Promise<JsonObject[]>
  /** A merge patch, as another person's edit. */
  edit(kind: Kind, namespace: string, name: string, patch: JsonObject): Promise<void>
  remove(kind: Kind, namespace: string, name: string): Promise<void>
  /** Resolves once Argo CD and the node have drawn all consequences. */
  settle(): Promise<void>
  /** Runs the plugin to its end. */
  run(args: readonly string[], options?: RunOptions): Promise<Finished>
  /** Starts the plugin; it is ended with the world at the latest. */
  start(args: readonly string[], options?: RunOptions): Running
  close(): Promise<void>
}

/** Starts an empty world on whichever backend this run is for. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const backend = await openBackend({ authentication: options.authentication ?? false })
  const id = `e2e-${randomBytes(4).toString('hex')}`
  const namespace = options.namespace ?? id
  const otherNamespace = `${id}-other`
  const workloads = `${id}-workloads`
  const [api, registry] = options.detours
    ? await Promise.all([apiDetour(backend.access), registryDetour(backend.registry.host)])
    : []
  const registryHost = registry?.host ?? backend.registry.host
  const access: ServerAccess = api
    ? { server: `https://${api.host}`, certificateAuthority: api.certificateAuthority, token: 'any' }
    : backend.access

  const client = new HttpSimulationClient(backend.access, 'kubectl-client-side-apply')
  const namespaces = [namespace, otherNamespace, workloads]
  for (const name of namespaces) await ensureNamespace(client, name)
  const tree = new Map<string, ManifestSource>()
  const gitRepository = `https://git.example.com/${id}/gitops.git`
  const controllers = startControllers({
    client: namespacedClient(new HttpSimulationClient(backend.access), namespaces),
    sources: ({ repoURL, chart = '', path = chart }) =>
      repoURL === gitRepository ? tree.get(path) : undefined,
    resolveImage: async (image) =>
      image.registry === registryHost
        ? backend.registry.resolve(image.repository, image.digest || image.tag)
        : options.resolveImage?.(image),
  })

  const home = await mkdtemp(join(tmpdir(), 'image-updater-e2e-'))
  const kubeconfig = join(home, 'kubeconfig')
  await writeFile(kubeconfig, kubeconfigOf(access, namespace, [registryHost]), { mode: 0o600 })
  const env = operatorEnvironment(home, kubeconfig)
  const running = new Set<Running>()

  const world: World = {
    id,
    namespace,
    otherNamespace,
    workloads,
    kubeconfig,
    home,
    env,
    registryHost,
    credentials: backend.registry,
    api,
    registry,
    repository: (name) => `${registryHost}/${id}/${name}`,
    // Two builds in the same millisecond are two images all the same.
    push: (name, tag, pushed) =>
      backend.registry.push(`${id}/${name}`, tag, {
        ...pushed,
        labels: { ...pushed?.labels, build: randomUUID() },
      }),
    publish: (deployed) => {
      tree.set(pathOf(deployed), manifestSource(deployed))
    },
    deploy: async (deployed) => {
      const path = pathOf(deployed)
      world.publish(deployed)
      const place = { namespace: deployed.namespace ?? namespace, workloads, repository: gitRepository, path }
      await world.apply(applicationOf(deployed, place))
    },
    apply: async (object) => {
      const { kind, metadata } = object as { kind: Kind; metadata: { namespace: string } }
      await client.create({ ...RESOURCES[kind], namespace: metadata.namespace }, object as never)
    },
    read: async (kind, inNamespace, name) => {
      const path = { ...RESOURCES[kind], namespace: inNamespace }
      const [found] = await client.list(path, { fieldSelector: `metadata.name=${name}` })
      if (!found) throw new Error(`there is no ${kind} ${inNamespace}/${name}`)
      return found as unknown as JsonObject
    },
    list: async (kind, inNamespace) =>
      (await client.list({ ...RESOURCES[kind], namespace: inNamespace })) as unknown as JsonObject[],
    edit: async (kind, inNamespace, name, patch) => {
      await client.mergePatch({ ...RESOURCES[kind], namespace: inNamespace, name }, patch)
    },
    remove: (kind, inNamespace, name) => client.remove({ ...RESOURCES[kind], namespace: inNamespace, name }),
    settle: () => controllers.settle(),
    run: (args, runOptions) => world.start(args, runOptions).finished,
    start: (args, { env: more, ...rest } = {}) => {
      const program = startPlugin(args, { env: { ...env, ...more }, ...rest })
      running.add(program)
      const forget = () => running.delete(program)
      program.finished.then(forget, forget)
      return program
    },
    close: async () => {
      for (const program of running) program.signal('SIGKILL')
      await Promise.allSettled([...running].map(({ finished }) => finished))
      await controllers.stop()
      await Promise.all([client.close(), api?.close(), registry?.close()])
      await backend.close()
      // A program whose terminal was closed may still write its state.
      await rm(home, { recursive: true, force: true, maxRetries: 10 })
    },
  }
  return world
}

function pathOf({ name }: Deployed): string {
  return `deploy/${name}`
}

async function ensureNamespace(client: HttpSimulationClient, name: string): Promise<void> {
  try {
    await client.create(RESOURCES.Namespace, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  } catch (error) {
    if (!(error instanceof ClusterError && error.status === 409)) throw error
  }
}
