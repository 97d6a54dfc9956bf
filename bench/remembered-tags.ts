import { join } from 'node:path'
import { serverUrl } from '../src/lib/cluster/server-url.ts'
import { ImageNames } from '../src/lib/state/image-names.ts'
import { ListedTags } from '../src/lib/state/listed-tags.ts'
import { CONTEXT } from '../test/e2e/world/kubeconfig.ts'

const REPOSITORY = 'ghcr.io/org/web'

/** As if commands had seen an Application `many` whose image `web` has as many tags as are remembered. */
export async function rememberManyTags(home: string, server: string): Promise<void> {
  const folder = join(home, '.cache', 'kubectl-image-updater')
  const tags = Array.from({ length: 5000 }, (_, index) => ({ tag: `1.${index}.0-build.${index * 7}` }))
  await new ListedTags(folder).remember(REPOSITORY, tags)
  const many = { name: 'many', namespace: 'argocd', repositories: new Map([['web', REPOSITORY]]) }
  await new ImageNames(folder).remember({ context: CONTEXT, server: serverUrl(server) }, [many])
}
