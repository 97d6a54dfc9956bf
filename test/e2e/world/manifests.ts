import type { ManifestSource } from '../../../src/lib/sandbox/index.ts'
import type { JsonObject } from '../../../src/lib/sandbox/json.ts'

export const ANNOTATION_PREFIX = 'argocd-image-updater.argoproj.io'

/** An Application with what it deploys, in few words. */
export interface Deployed {
  readonly name: string
  /** Default Kustomize. */
  readonly sourceType?: ManifestSource['sourceType']
  /** Container → image. Default `app`. A Helm chart has exactly one. */
  readonly images: Readonly<Record<string, string>>
  /** Annotations without the prefix; an `image-list` among them. */
  readonly rules?: Readonly<Record<string, string>>
  readonly labels?: Readonly<Record<string, string>>
  /** Fields of `spec.source` beside repository, revision and path. */
  readonly source?: JsonObject
  /** Where git holds the values of a chart: a second source beside the chart. */
  readonly valuesSource?: JsonObject
  /** Of the Application; default the world's. */
  readonly namespace?: string
  /** `imagePullPolicy` as the manifest fixes it; default none, as people write it. */
  readonly pullPolicy?: string
  readonly replicas?: number
}

export function prefixed(rules: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(rules).map(([key, value]) => [`${ANNOTATION_PREFIX}/${key}`, value]),
  )
}

/** What git holds for it. */
export function manifestSource(deployed: Deployed): ManifestSource {
  const { name, sourceType = 'Kustomize', images } = deployed
  if (sourceType !== 'Helm') return { sourceType, manifests: [deploymentOf(deployed, images)] }
  const [[container, image] = ['app', '']] = Object.entries(images)
  const colon = image.lastIndexOf(':')
  return {
    sourceType,
    manifests: [
      deploymentOf(
        { ...deployed, name },
        { [container]: '{{ .Values.image.name }}:{{ .Values.image.tag }}' },
      ),
    ],
    values: { 'image.name': image.slice(0, colon), 'image.tag': image.slice(colon + 1) },
  }
}

/** A Deployment as people write it: no imagePullPolicy, so a named tag is pulled once a node. */
function deploymentOf(
  { name, replicas = 1, pullPolicy }: Deployed,
  images: Readonly<Record<string, string>>,
): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels: { app: name } },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          containers: Object.entries(images).map(([container, image]) => ({
            name: container,
            image,
            ...(pullPolicy && { imagePullPolicy: pullPolicy }),
          })),
        },
      },
    },
  }
}

/** The Application object, synced by itself. */
export function applicationOf(
  { name, rules = {}, labels = {}, source = {}, valuesSource }: Deployed,
  place: {
    readonly namespace: string
    readonly workloads: string
    readonly repository: string
    readonly path: string
  },
): JsonObject {
  const { repository: repoURL, path } = place
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace: place.namespace, labels: { ...labels }, annotations: prefixed(rules) },
    spec: {
      project: 'default',
      ...(valuesSource
        ? { sources: [{ repoURL, targetRevision: '1.0.0', chart: path, ...source }, valuesSource] }
        : { source: { repoURL, targetRevision: 'main', path, ...source } }),
      destination: { server: 'https://kubernetes.default.svc', namespace: place.workloads },
      syncPolicy: { automated: { prune: true, selfHeal: true } },
    },
  }
}
