import { newestBuild } from './newest-build.ts'
import type { Strategy } from './strategy.ts'

/**
 * newest-build for a registry whose operator says that its listing is in the order of creation
 * (`tagsortmode` of argocd-image-updater): the position stands for the date, so none is asked for.
 *
 * @throws PatternError when `tagPattern` cannot be read.
 */
export function listedOrder(order: 'latest-first' | 'latest-last', tagPattern?: string): Strategy {
  return {
    ...newestBuild(tagPattern),
    needs: 'names',
    rank: (candidates) => ({
      ranked: order === 'latest-first' ? candidates : candidates.toReversed(),
      dropped: [],
      won: (_, among) => `newest${among} by its place in the listing (tagsortmode ${order})`,
      outranked: (_, winner) => `listed as older than ${winner.tag}`,
    }),
  }
}
