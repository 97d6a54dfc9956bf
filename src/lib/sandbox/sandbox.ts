import type { Authorize } from './api/authorize.ts'
import { RESOURCE_TYPES, type ResourceType } from './api/resource-type.ts'
import { type ApiServer, startApiServer } from './api-server.ts'
import { type Controllers, HttpSimulationClient, startControllers } from './controllers.ts'
import { type ImageRegistry, type RegistryAuthentication, startImageRegistry } from './image-registry.ts'
import { canonicalText, type JsonObject, objectAt, textAt } from './json.ts'
import { kubeconfigText, writeKubeconfig } from './kubeconfig.ts'
import { LAST_APPLIED } from './simulation/applications.ts'
import { demonstrationWorld, fillRegistry, type World } from './world.ts'

export interface SandboxOptions {
  /** Of the API server; 0, the default, takes a free one. */
  readonly port?: number
  /** Of the registry; 0, the default, takes a free one. */
  readonly registryPort?: number
  /** Where the kubeconfig goes; default a temporary directory of its own. */
  readonly directory?: string
  /** What is in it; default the demonstration world. */
  readonly world?: (registryHost: string) => World
  readonly authorize?: Authorize
  readonly registryAuthentication?: RegistryAuthentication
  readonly onRequest?: (line: string) => void | Promise<void>
  /** Told when a simulated controller fails. */
  readonly onError?: (error: unknown) => void
}

/** A running trial world: an API server with Applications, a registry, and controllers that act on both. */
export interface Sandbox {
  readonly kubeconfigPath: string
  readonly kubeconfig: string
  readonly server: string
  /** `127.0.0.1:PORT` */
  readonly registryHost: string
  readonly apiServer: ApiServer
  readonly registry: ImageRegistry
  /** What CI does after a build: a new image under the tag. Returns its digest. */
  push(repository: string, tag: string): string
  /** Resolves once all consequences of what was written before have been drawn. */
  settle(): Promise<void>
  /** Stops everything and removes the kubeconfig. */
  close(): Promise<void>
}

/** Starts the trial world on 127.0.0.1. @throws Error when a port cannot be had. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const closers: (() => Promise<void>)[] = []
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer()
  }
  try {
    const registry = await startImageRegistry({
      port: options.registryPort ?? 0,
      ...(options.registryAuthentication ? { authentication: options.registryAuthentication } : {}),
    })
    closers.push(() => registry.close())
    fillRegistry(registry)
    const apiServer = await startApiServer({
      port: options.port ?? 0,
      ...(options.authorize ? { authorize: options.authorize } : {}),
      ...(options.onRequest ? { onRequest: options.onRequest } : {}),
    })
    closers.push(() => apiServer.close())
    const world = (options.world ?? demonstrationWorld)(registry.host)
    const controllers = await populate(apiServer, registry, world, options.onError)
    closers.push(() => controllers.stop())
    const kubeconfig = kubeconfigText({
      server: apiServer.url,
      certificateAuthority: apiServer.certificateAuthority,
      token: apiServer.token,
      namespace: 'argocd',
      plainHttpRegistries: [registry.host],
    })
    const file = await writeKubeconfig(kubeconfig, options.directory)
    closers.push(() => file.remove())
    return {
      kubeconfigPath: file.path,
      kubeconfig,
      server: apiServer.url,
      registryHost: registry.host,
      apiServer,
      registry,
      push: (repository, tag) => registry.pushImage(repository, tag),
      settle: () => controllers.settle(),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

async function populate(
  apiServer: ApiServer,
  registry: ImageRegistry,
  world: World,
  onError: SandboxOptions['onError'],
): Promise<Controllers> {
  const access = {
    server: apiServer.url,
    certificateAuthority: apiServer.certificateAuthority,
    token: apiServer.token,
  }
  const operator = new HttpSimulationClient(access, 'kubectl-client-side-apply')
  const namespaces = world.namespaces.map((name) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name },
  }))
  await Promise.all(namespaces.map((namespace) => apply(operator, namespace)))
  await Promise.all(world.objects.map((object) => apply(operator, object)))
  await operator.close()
  const controllers = startControllers({
    client: new HttpSimulationClient(access),
    sources: world.sources,
    resolveImage: (image) =>
      Promise.resolve(
        image.registry === registry.host
          ? registry.resolve(image.repository, image.digest || image.tag)
          : undefined,
      ),
    ...(onError ? { onError } : {}),
  })
  await controllers.settle()
  return controllers
}

/** As `kubectl apply` creates an object: with the note of what was applied. */
async function apply(client: HttpSimulationClient, object: JsonObject): Promise<void> {
  const metadata = objectAt(object, 'metadata')
  const noted = { ...objectAt(metadata, 'annotations'), [LAST_APPLIED]: `${canonicalText(object)}\n` }
  const { group, version, plural, namespaced } = typeOf(object)
  await client.create(
    {
      group,
      version,
      resource: plural,
      ...(namespaced ? { namespace: textAt(metadata, 'namespace') } : {}),
    },
    { ...object, metadata: { ...metadata, annotations: noted } } as never,
  )
}

function typeOf(object: JsonObject): ResourceType {
  const type = RESOURCE_TYPES.find((candidate) => candidate.kind === object['kind'])
  if (!type) throw new Error(`the sandbox serves no ${String(object['kind'])}`)
  return type
}
