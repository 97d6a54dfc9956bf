import type { JsonObject } from '../../src/lib/sandbox/json.ts'

export const APPLICATIONS = '/apis/argoproj.io/v1alpha1/namespaces/argocd/applications'
export const DEPLOYMENTS = '/apis/apps/v1/namespaces/praq/deployments'

/** A namespace by its name. */
export function namespace(name: string): JsonObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }
}

/** The least an Application needs, with labels where given. */
export function application(name: string, labels: Record<string, string> = {}): JsonObject {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, labels },
    spec: {
      project: 'default',
      source: { repoURL: 'https://git.example.com/a.git', path: 'a', kustomize: { images: ['web:1.0'] } },
      destination: { server: 'https://kubernetes.default.svc', namespace: 'praq' },
    },
  }
}

/** A Deployment of one container, `app`, without a pull policy. */
export function deployment(name: string, image = 'registry.example.com/web:production'): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          containers: [
            {
              name: 'app',
              image,
              env: [
                { name: 'A', value: '1' },
                { name: 'B', value: '2' },
              ],
              ports: [{ containerPort: 80 }],
            },
          ],
        },
      },
    },
  }
}
