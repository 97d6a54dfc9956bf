/** Hosts run by a known provider for many: whoever owns a repository there sees no password of others. */
const HOSTS = new Set(['github.com', 'gitlab.com', 'bitbucket.org', 'dev.azure.com', 'codeberg.org'])

/** Whether naming a host cannot be a trap for a password. @param host lower case */
export function isSharedGitHost(host: string): boolean {
  return HOSTS.has(host)
}
