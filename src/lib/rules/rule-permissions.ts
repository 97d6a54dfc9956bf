/** What the operator allows rules of a cluster to do. */
export interface RulePermissions {
  /** Name Secrets of other namespaces than the Application's own. */
  readonly allowCrossNamespaceSecrets: boolean
}

export const NOTHING_MORE: RulePermissions = { allowCrossNamespaceSecrets: false }
