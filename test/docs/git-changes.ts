import { parseImageReference } from '../../src/lib/image/reference.ts'
import type { DescribedApplication } from '../../src/lib/writeback/git/described-change.ts'

/** The changes of which docs/commit-messages.md shows the texts. */
export const SHOP: DescribedApplication = {
  namespace: 'argocd',
  application: 'shop',
  images: [
    {
      alias: 'web',
      before: parseImageReference('ghcr.io/org/web:1.4.2'),
      after: parseImageReference('ghcr.io/org/web:1.5.0'),
      pushedAt: new Date('2026-05-04T09:12:00Z'),
      labels: {
        'org.opencontainers.image.source': 'https://github.com/org/web',
        'org.opencontainers.image.revision': '5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f80',
      },
      labelsBefore: {
        'org.opencontainers.image.source': 'https://github.com/org/web',
        'org.opencontainers.image.revision': '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d',
      },
    },
  ],
}

export const BLOG: DescribedApplication = {
  namespace: 'team-a',
  application: 'blog',
  images: [
    {
      alias: 'redis',
      before: parseImageReference('redis:7.2.4'),
      after: parseImageReference(`redis:7.2.5@sha256:${'9f1c2b7a04de51'.padEnd(64, '3c')}`),
      builtAt: new Date('2026-05-02T20:00:00Z'),
    },
  ],
}
