/** Where an object or a collection lives in the API: `apis/argoproj.io/v1alpha1/namespaces/argocd/applications/shop`. */
export interface ResourcePath {
  /** '' for the core group. */
  readonly group: string
  readonly version: string
  /** Plural, lower case: `applications`. */
  readonly resource: string
  readonly namespace?: string
  readonly name?: string
  readonly subresource?: string
}
