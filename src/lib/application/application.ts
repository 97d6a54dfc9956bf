import type { KubernetesObject } from './kubernetes-object.ts'

/** A source of an Application, as far as this tool reads it; every other field stays as it was. */
export interface ApplicationSource {
  readonly repoURL: string
  readonly path?: string
  readonly chart?: string
  readonly ref?: string
  readonly name?: string
  readonly targetRevision?: string
  readonly helm?: {
    readonly parameters?: readonly HelmParameter[]
    readonly [field: string]: unknown
  }
  readonly kustomize?: { readonly images?: readonly string[]; readonly [field: string]: unknown }
  readonly plugin?: {
    readonly env?: readonly { name: string; value: string }[]
    readonly [field: string]: unknown
  }
  readonly [field: string]: unknown
}

export interface HelmParameter {
  readonly name: string
  readonly value?: string
  readonly forceString?: boolean
}

/** argoproj.io/v1alpha1 Application: plain JSON as the API server sent it, never a typed copy. */
export interface Application extends KubernetesObject {
  readonly spec: {
    readonly source?: ApplicationSource
    readonly sources?: readonly ApplicationSource[]
    readonly sourceHydrator?: { readonly drySource?: ApplicationSource; readonly [field: string]: unknown }
    readonly destination?: { readonly server?: string; readonly name?: string; readonly namespace?: string }
    readonly [field: string]: unknown
  }
  readonly status?: {
    readonly sourceType?: string
    readonly sourceTypes?: readonly string[]
    readonly summary?: { readonly images?: readonly string[]; readonly [field: string]: unknown }
    readonly sync?: { readonly status?: string; readonly [field: string]: unknown }
    readonly health?: { readonly status?: string; readonly [field: string]: unknown }
    readonly resources?: readonly {
      readonly group?: string
      readonly version: string
      readonly kind: string
      readonly namespace?: string
      readonly name: string
      readonly [field: string]: unknown
    }[]
    readonly [field: string]: unknown
  }
}
