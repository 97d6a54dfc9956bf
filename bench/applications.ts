import type { Application } from '../src/lib/application/application.ts'
import { type MeasuredStrategy, repositoryName, type Scale, tagName } from './workload.ts'

const PREFIX = 'argocd-image-updater.argoproj.io'

/**
 * Applications with one annotated Kustomize image each, the repositories dealt out in turn; every one runs
 * a tag in the middle of its repository, so every one has an update.
 * @param host of the registry, as it stands in an image reference
 */
export function planApplications(host: string, strategy: MeasuredStrategy, scale: Scale): Application[] {
  return Array.from({ length: scale.applications }, (_, index) => {
    const image = `${host}/${repositoryName(index % scale.repositories)}`
    const running = `${image}:${tagName(Math.floor(scale.tags / 2))}`
    return {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: {
        name: `service-${String(index).padStart(3, '0')}`,
        namespace: 'argocd',
        annotations: {
          [`${PREFIX}/image-list`]: `app=${image}`,
          [`${PREFIX}/app.update-strategy`]: strategy,
        },
      },
      spec: {
        project: 'default',
        source: {
          repoURL: 'https://git.example.com/services.git',
          path: `service-${index}`,
          targetRevision: 'main',
          kustomize: { images: [running] },
        },
        destination: { server: 'https://kubernetes.default.svc', namespace: 'services' },
      },
      status: {
        sourceType: 'Kustomize',
        summary: { images: [running] },
        sync: { status: 'Synced' },
        health: { status: 'Healthy' },
      },
    }
  })
}
