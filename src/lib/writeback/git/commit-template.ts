import { GoTemplate } from '../../gotemplate/template.ts'
import { parseImageReference } from '../../image/reference.ts'
import type { DescribedApplication } from './described-change.ts'
import { messageData } from './message-data.ts'
import { cleanLine } from './outside-text.ts'

const REVISION = '9d921f65f3c5373b682e2eb4b37afba6592e8f8b'
const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`

/** What a template is tried on before anything is done: a tag, a digest, labels, and an image of which nothing is known. */
export const SAMPLE: readonly DescribedApplication[] = [
  {
    namespace: 'argocd',
    application: 'example',
    images: [
      {
        alias: 'web',
        before: parseImageReference('ghcr.io/example/web:1.0.0'),
        after: parseImageReference('ghcr.io/example/web:1.0.1'),
        labels: {
          'org.opencontainers.image.source': 'https://github.com/example/web',
          'org.opencontainers.image.revision': REVISION,
          'org.opencontainers.image.version': '1.0.1',
        },
      },
      {
        alias: 'api',
        before: parseImageReference(`example/api:main@${DIGEST}`),
        after: parseImageReference(`example/api:main@${DIGEST}`),
      },
      { alias: '', after: parseImageReference('nginx:1.27') },
    ],
  },
]

/**
 * Reads a commit message template and renders it once with sample data, so that a wrong field or a mistake is
 * told at the start and not when an update waits for its message.
 *
 * @throws GoTemplateError with line and column
 */
export function readCommitTemplate(text: string): GoTemplate {
  const template = new GoTemplate(text)
  template.render(messageData(SAMPLE, cleanLine))
  return template
}
