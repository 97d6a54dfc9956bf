/**
 * Settings on every command line of ours. They come last, so neither a repository nor the operator's own
 * configuration weakens them: no hooks, no programs from a repository, no transport but the named ones.
 */
const ALWAYS: Readonly<Record<string, string>> = {
  'core.hooksPath': '/dev/null',
  'core.fsmonitor': 'false',
  'core.untrackedCache': 'false',
  'core.attributesFile': '/dev/null',
  'core.protectHFS': 'true',
  'core.protectNTFS': 'true',
  'core.quotePath': 'false',
  'core.pager': 'cat',
  'protocol.allow': 'never',
  'submodule.recurse': 'false',
  'fetch.recurseSubmodules': 'false',
  'push.recurseSubmodules': 'no',
  'push.followTags': 'false',
  'push.gpgSign': 'false',
  'push.default': 'nothing',
  'gc.auto': '0',
  'maintenance.auto': 'false',
  'http.sslVerify': 'true',
  // A server that sends less than this for so long has gone.
  'http.lowSpeedLimit': '100',
  'http.lowSpeedTime': '60',
  'i18n.commitEncoding': 'UTF-8',
  'advice.detachedHead': 'false',
}

/**
 * @param transports those that may be used; none for work on the clone alone, so that a missing object is not
 * fetched behind our back
 */
export function safeConfig(transports: readonly string[]): string[] {
  const allowed = Object.fromEntries(transports.map((name) => [`protocol.${name}.allow`, 'always']))
  return Object.entries({ ...ALWAYS, ...allowed }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}
