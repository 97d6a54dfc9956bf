import type { RegistryAccess, RegistryScope } from './registry.ts'

/** The same registries, every request of an image made with the scope's credential. */
export function inScope(access: RegistryAccess, scope: RegistryScope): RegistryAccess {
  return {
    listTags: (image) => access.listTags(image, scope),
    resolveDigest: (image, tag) => access.resolveDigest(image, tag, scope),
    describe: (image, tagOrDigest, platforms) => access.describe(image, tagOrDigest, platforms, scope),
    newCycle: () => access.newCycle(),
    requests: access.requests,
    close: () => access.close(),
  }
}
