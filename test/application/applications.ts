import type { Application } from '../../src/lib/application/application.ts'

/** An Application called shop in argocd, with the given spec and status, of whatever shape. */
export function application(spec: object, status: object = {}, metadata: object = {}): Application {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'shop', namespace: 'argocd', resourceVersion: '7', uid: 'u1', ...metadata },
    spec,
    status,
  } as Application
}

/** An Application with one source of the given type. */
export function singleSource(sourceType: string, source: object): Application {
  return application({ source: { repoURL: 'https://git.example.com/r', ...source } }, { sourceType })
}
