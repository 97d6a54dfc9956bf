import type { Application } from '../../src/lib/application/application.ts'
import type { KubernetesObject } from '../../src/lib/application/kubernetes-object.ts'
import { ClusterApplications } from '../../src/lib/engine/cluster-applications.ts'
import type { EngineContext } from '../../src/lib/engine/context.ts'
import { DateMemory } from '../../src/lib/engine/date-memory.ts'
import { type ManagedImage, manageImages } from '../../src/lib/engine/managed-image.ts'
import { readWorkloadView, type WorkloadView } from '../../src/lib/engine/workload-view.ts'
import { ANNOTATION_PREFIX } from '../../src/lib/rules/annotation-keys.ts'
import { readAnnotationRules } from '../../src/lib/rules/annotations.ts'
import { FakeCluster } from './fake-cluster.ts'
import type { FakeRegistry } from './fake-registry.ts'
import { FakeSightings } from './fake-sightings.ts'

export const NOW = new Date('2026-03-01T12:00:00Z')

/** What an Application of the tests says; everything has a default. */
export interface ApplicationText {
  readonly name?: string
  /** Annotations without their prefix. */
  readonly rules?: Readonly<Record<string, string>>
  readonly sourceType?: 'Kustomize' | 'Helm' | 'Directory' | ''
  readonly kustomize?: readonly string[]
  readonly helm?: Readonly<Record<string, string>>
  readonly live?: readonly string[]
  /** Deployments that Argo CD deploys for it, in the namespace apps. */
  readonly deployments?: readonly string[]
}

/** An Application in argocd; by default a Kustomize source without overrides. */
export function applicationOf(text: ApplicationText): Application {
  const { name = 'shop', rules = {}, sourceType = 'Kustomize', kustomize, helm, live = [] } = text
  const annotations = Object.entries(rules).map(([key, value]) => [`${ANNOTATION_PREFIX}${key}`, value])
  const parameters = Object.entries(helm ?? {}).map(([key, value]) => ({ name: key, value }))
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: {
      annotations: Object.fromEntries(annotations),
      name,
      namespace: 'argocd',
      resourceVersion: '7',
      uid: `uid-${name}`,
    },
    spec: {
      destination: { namespace: 'apps', server: 'https://kubernetes.default.svc' },
      source: {
        repoURL: 'https://git.example.com/r',
        ...(kustomize && { kustomize: { images: kustomize } }),
        ...(helm && { helm: { parameters } }),
      },
    },
    status: {
      resources: (text.deployments ?? []).map((deployment) => ({
        group: 'apps',
        kind: 'Deployment',
        name: deployment,
        namespace: 'apps',
        version: 'v1',
      })),
      summary: { images: live },
      ...(sourceType && { sourceType }),
    },
  }
}

/** The images that the Application's annotations manage. */
export function managed(text: ApplicationText): readonly ManagedImage[] {
  return manageImages([applicationOf(text)], readAnnotationRules).images
}

/** The one image that the Application's annotations manage. */
export function managedOne(text: ApplicationText): ManagedImage {
  const [image, ...others] = managed(text)
  if (!image || others.length > 0) throw new Error('the annotations do not manage exactly one image')
  return image
}

/** A Deployment in apps that runs `image`, with whatever else its container says. */
export function deployment(name: string, image: string, container: object = {}): KubernetesObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'apps', uid: `uid-${name}` },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ image, name: 'main', ...container }] },
      },
    },
  }
}

/** A Pod in apps whose node reports a digest. */
export function pod(name: string, image: string, digest: string): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'apps' },
    spec: { containers: [{ image, name: 'main' }] },
    status: {
      containerStatuses: [{ imageID: digest && `${image.split(':')[0]}@${digest}`, name: 'main' }],
      phase: 'Running',
    },
  }
}

/** The engine's world in memory. Workloads are read from the same cluster, and kept until they are forgotten. */
export function contextOf(registry: FakeRegistry, cluster: FakeCluster = new FakeCluster()): EngineContext {
  const views = new Map<string, Promise<WorkloadView>>()
  return {
    allowCrossNamespaceSecrets: false,
    scopeOf: () => undefined,
    close: async () => {},
    applications: new ClusterApplications(cluster),
    cluster,
    dates: new DateMemory(),
    git: undefined,
    concurrency: 4,
    forgetWorkloads: ({ metadata }) => {
      views.delete(metadata.name)
    },
    newCycle: () => views.clear(),
    now: () => NOW,
    projectOf: () => undefined,
    registry,
    sightings: new FakeSightings(),
    workloadsOf: (application) => {
      const { name } = application.metadata
      const view =
        views.get(name) ?? readWorkloadView(application, { client: cluster, reachable: true, shared: true })
      views.set(name, view)
      return view
    },
  }
}
