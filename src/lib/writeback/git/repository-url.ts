/** `user@host:path`, which git takes for SSH where no scheme stands before it. */
const SCP_LIKE = /^(?:[^@/]+@)?([^:/]+):(?!\/\/)(.+)$/
const SCHEME = /^[a-z][a-z0-9+.-]*:\/\/(?:[^@/]*@)?(.*)$/i
const STANDARD_PORT = /^([^/]+?):(?:22|80|443)(?=\/|$)/

/**
 * Whether two URLs mean the same repository: scheme, user, standard port, `.git`, a slash at the end and case
 * do not count, as in Argo CD's own comparison.
 */
export function sameGitRepository(a: string, b: string): boolean {
  return normalised(a) === normalised(b)
}

function normalised(url: string): string {
  const text = url.trim()
  const withScheme = SCHEME.exec(text)?.[1]
  const scp = withScheme === undefined ? SCP_LIKE.exec(text) : null
  const place = withScheme ?? (scp ? `${scp[1]}/${scp[2]}` : text)
  return place
    .toLowerCase()
    .replace(STANDARD_PORT, '$1')
    .replace(/\/{2,}/g, '/')
    .replace(/\/$/, '')
    .replace(/\.git$/, '')
}
