/**
 * Whether a name as it stands in a values file carries a registry: its first path part holds a dot.
 * `localhost:5000/app` counts as short, as argocd-image-updater has it, so that values files keep their style.
 */
export function hasRegistryPrefix(name: string): boolean {
  const slash = name.indexOf('/')
  return slash > 0 && name.slice(0, slash).includes('.')
}

/** The name without its registry, when it carries one by {@link hasRegistryPrefix}. */
export function shortName(name: string): string {
  return hasRegistryPrefix(name) ? name.slice(name.indexOf('/') + 1) : name
}
