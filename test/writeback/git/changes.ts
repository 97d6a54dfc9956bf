import { parseImageReference } from '../../../src/lib/image/reference.ts'
import type { DescribedApplication, DescribedImage } from '../../../src/lib/writeback/git/described-change.ts'

/** `ghcr.io/org/app:1.0`, and what it becomes; '' where nothing is known of before. */
export function image(before: string, after: string, more: Partial<DescribedImage> = {}): DescribedImage {
  return {
    alias: 'app',
    after: parseImageReference(after),
    ...(before !== '' && { before: parseImageReference(before) }),
    ...more,
  }
}

export function application(name: string, ...images: readonly DescribedImage[]): DescribedApplication {
  const [namespace = '', application = ''] = name.split('/')
  return { namespace, application, images }
}

export const NGINX = image('nginx:1.26.0', 'nginx:1.27.1')
export const API = image('ghcr.io/org/api:2.0.1', 'ghcr.io/org/api:2.1.0')
