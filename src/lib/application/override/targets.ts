/**
 * Which field of a source receives the image, as a rule's manifest targets say it. Where nothing is said,
 * Helm sources use `image.name` and `image.tag`, and Kustomize sources the image's own name.
 */
export interface OverrideTargets {
  readonly helm?: HelmTargets
  readonly kustomize?: { readonly name: string }
  readonly plugin?: PluginTargets
}

/** Names of Helm parameters; `spec` receives the whole reference and overrules the other two. */
export interface HelmTargets {
  readonly name?: string
  readonly tag?: string
  readonly spec?: string
}

/** Names of environment variables; `spec` receives the whole reference and overrules the other two. */
export interface PluginTargets {
  readonly name?: string
  readonly tag?: string
  readonly spec?: string
}
