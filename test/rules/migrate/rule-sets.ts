import type { SeededRandom } from '../../seeded-random.ts'

/** Annotations without prefix of an Application whose rules an ImageUpdater can say as well. */
export function randomAnnotations(random: SeededRandom): Record<string, string> {
  const annotations: Record<string, string> = {}
  const maybe = (key: string, texts: readonly string[]): void => {
    if (random.below(2) === 0) annotations[key] = random.pick(texts)
  }
  const aliases = random.shuffled(ALIASES).slice(0, 1 + random.below(4))
  const entries = aliases.map((alias) => {
    const strategy = random.pick(['', 'semver', 'newest-build', 'latest', 'alphabetical', 'name', 'digest'])
    const tag = strategy === 'digest' ? random.pick(TAGS) : random.pick(CONSTRAINTS)
    const image = `${random.pick(IMAGES)}${tag}`
    if (alias === '') return image
    // App-wide, it would not suit the tags of the others.
    if (strategy !== '') annotations[`${alias}.update-strategy`] = strategy
    maybe(`${alias}.force-update`, ['true', 'false', '1', 'F'])
    const filters = random.below(3)
    if (filters === 1) annotations[`${alias}.allow-tags`] = random.pick(ALLOWED)
    if (filters === 2) annotations[`${alias}.image-tag-filter`] = random.pick(PATTERNS)
    maybe(`${alias}.ignore-tags`, GLOBS)
    maybe(`${alias}.pull-secret`, ['pullsecret:argocd/pull', 'secret:argocd/pull#token'])
    maybe(`${alias}.platforms`, ['linux/amd64', 'linux/amd64, linux/arm64/v8'])
    if (random.below(2) === 0) {
      maybe(`${alias}.helm.image-name`, ['image.name', 'web.image.repository'])
      maybe(`${alias}.helm.image-tag`, ['image.tag', 'web.image.tag'])
      maybe(`${alias}.helm.image-spec`, ['image'])
    } else maybe(`${alias}.kustomize.image-name`, ['org/base', 'ghcr.io/org/base'])
    return `${alias}=${image}`
  })
  annotations['image-list'] = entries.join(random.pick([',', ', ', ' ,']))
  maybe('force-update', ['true', 'false'])
  maybe('ignore-tags', GLOBS)
  maybe('pull-secret', ['pullsecret:argocd/all'])
  maybe('write-back-method', ['argocd', 'application', 'git', 'git:repocreds', 'git:secret:argocd/creds'])
  maybe('write-back-target', ['kustomization', 'helmvalues:./values.yaml'])
  maybe('git-branch', ['main', 'main:image-updater-{{.SHA256}}'])
  maybe('git-repository', ['https://git.example.com/gitops.git'])
  if (annotations['write-back-method']?.startsWith('git')) maybe('pull-request', ['github', 'gitlab'])
  return annotations
}

const ALIASES = ['web', 'api', 'web.api', 'a_b-c', 'org/side', '']
const IMAGES = ['nginx', 'ghcr.io/org/web', 'docker.io/library/redis', 'localhost:5000/team/api', 'org/web']
const TAGS = [':latest', ':production', ':v1']
const CONSTRAINTS = ['', ':~1.4', ':1.x', ':^2', ':>=1.0 <2.0', ':>=1.0.0-0', ':1.2 - 1.4 || ^2']
const PATTERNS = ['^v1\\.', 'a,b', '^(main|release)-[0-9]+$', 'any']
const ALLOWED = ['any', 'regexp:^v1', 'regexp:a,b', 'ANY']
const GLOBS = ['*-rc*', 'latest, *-debug', '[^0-9]*,1.5.0,']
