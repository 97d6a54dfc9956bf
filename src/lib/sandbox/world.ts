import type { ApplicationSource } from '../application/application.ts'
import type { ManifestSource, ManifestSources } from './controllers.ts'
import type { ImageRegistry } from './image-registry.ts'
import type { JsonObject } from './json.ts'

/** What a cluster starts with, and the git repositories its Applications come from. */
export interface World {
  readonly namespaces: readonly string[]
  /** AppProjects and Applications. */
  readonly objects: readonly JsonObject[]
  readonly sources: ManifestSources
}

const GIT = 'https://git.example.com/praq/gitops.git'
const PREFIX = 'argocd-image-updater.argoproj.io'
const HOUR = 3_600_000

/** The image whose tag CI moves. */
export const MOVING_IMAGE = { repository: 'gitops-praq', tag: 'production' } as const

/**
 * The demonstration world around a registry: one image whose `production` tag moves, deployed from plain
 * manifests, from a Kustomize overlay and from a Helm chart; a shop with versions; and one faulty rule.
 */
export function demonstrationWorld(registryHost: string): World {
  const praq = `${registryHost}/gitops-praq`
  const web = `${registryHost}/shop/web`
  const api = `${registryHost}/shop/api`
  const worker = `${registryHost}/legacy/worker`
  const production = {
    'image-list': `app=${praq}`,
    'app.image-tag-filter': '^production$',
    'app.update-strategy': 'latest',
    'write-back-method': 'application',
  }
  const tree: Readonly<Record<string, ManifestSource>> = {
    'k8s/production': {
      sourceType: 'Directory',
      manifests: [deployment('gitops-praq', `${praq}:production`)],
    },
    'k8s/overlays/production': {
      sourceType: 'Kustomize',
      manifests: [deployment('gitops-praq', `${praq}:production`)],
    },
    'charts/gitops-praq': {
      sourceType: 'Helm',
      manifests: [deployment('gitops-praq', '{{ .Values.image.name }}:{{ .Values.image.tag }}')],
      values: { 'image.name': praq, 'image.tag': 'production' },
    },
    'shop/overlays/production': {
      sourceType: 'Kustomize',
      manifests: [deployment('web', `${web}:1.4.0`, 2), deployment('api', `${api}:2.0.0`)],
    },
    legacy: { sourceType: 'Directory', manifests: [deployment('worker', `${worker}:v1.0.0`)] },
  }
  return {
    namespaces: ['default', 'argocd', 'praq', 'praq-kustomize', 'praq-helm', 'shop', 'legacy'],
    sources: (source) => (source.repoURL === GIT ? tree[source.path ?? ''] : undefined),
    objects: [
      project(),
      application('gitops-praq-prod', 'praq', { path: 'k8s/production' }, production),
      application('gitops-praq-kustomize', 'praq-kustomize', { path: 'k8s/overlays/production' }, production),
      application('gitops-praq-helm', 'praq-helm', { path: 'charts/gitops-praq' }, production),
      application(
        'shop',
        'shop',
        { path: 'shop/overlays/production', kustomize: { images: [`${web}:1.4.2`, `${api}:2.0.1`] } },
        {
          'image-list': `web=${web}:^1.4, api=${api}:~2.0`,
          'web.update-strategy': 'semver',
          'api.update-strategy': 'semver',
          'write-back-method': 'argocd',
        },
      ),
      // allow-tags wants the keyword regexp: before a pattern; the rule is faulty on purpose.
      application(
        'legacy',
        'legacy',
        { path: 'legacy' },
        { 'image-list': `app=${worker}`, 'app.allow-tags': '^v1' },
      ),
    ],
  }
}

/** Fills the registry: released versions, pre-releases, branches, signatures, a date for a tag. */
export function fillRegistry(registry: ImageRegistry, now = new Date()): void {
  const push = (repository: string, tag: string, hoursAgo: number): void => {
    const created = new Date(now.getTime() - hoursAgo * HOUR)
    const digest = registry.pushImage(repository, tag, {
      created,
      labels: { 'org.opencontainers.image.version': tag },
    })
    registry.pushSignature(repository, digest)
  }
  for (const [tag, hoursAgo] of [
    ['production', 26],
    ['staging', 5],
    ['main-7c1d2e4', 5],
    ['20260914', 240],
  ] as const) {
    push('gitops-praq', tag, hoursAgo)
  }
  for (const [tag, hoursAgo] of [
    ['1.3.9', 900],
    ['1.4.0', 700],
    ['1.4.1', 500],
    ['1.4.2', 300],
    ['1.5.0', 2],
    ['1.6.0-rc.1', 1],
    ['2.0.0-beta.3', 1],
    ['latest', 2],
  ] as const) {
    push('shop/web', tag, hoursAgo)
  }
  for (const [tag, hoursAgo] of [
    ['1.9.4', 2000],
    ['2.0.0', 800],
    ['2.0.1', 400],
    ['2.1.0', 3],
    ['main-90ab12c', 1],
  ] as const) {
    push('shop/api', tag, hoursAgo)
  }
  for (const [tag, hoursAgo] of [
    ['v1.0.0', 4000],
    ['v1.1.0', 300],
    ['v2.0.0', 30],
  ] as const) {
    push('legacy/worker', tag, hoursAgo)
  }
}

function project(): JsonObject {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: 'default', namespace: 'argocd' },
    spec: {
      sourceRepos: ['*'],
      destinations: [{ server: '*', namespace: '*' }],
      clusterResourceWhitelist: [{ group: '*', kind: '*' }],
    },
  }
}

function application(
  name: string,
  namespace: string,
  source: Omit<ApplicationSource, 'repoURL'>,
  rules: Readonly<Record<string, string>>,
): JsonObject {
  const annotations = Object.fromEntries(
    Object.entries(rules).map(([key, value]) => [`${PREFIX}/${key}`, value]),
  )
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace: 'argocd', annotations },
    spec: {
      project: 'default',
      source: { repoURL: GIT, targetRevision: 'main', ...(source as JsonObject) },
      destination: { server: 'https://kubernetes.default.svc', namespace },
      syncPolicy: { automated: { prune: true, selfHeal: true } },
    },
  }
}

/** A Deployment as people write it: no imagePullPolicy, so a named tag is pulled once a node. */
function deployment(name: string, image: string, replicas = 1): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels: { app: name } },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'app', image, ports: [{ containerPort: 8080 }] }] },
      },
    },
  }
}
