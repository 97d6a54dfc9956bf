/**
 * The query of the `next` link of a paged answer (RFC 8288), undefined on the last page. Only the query is
 * taken: the next page is asked for at the address that is known to be right, so a link can lead nowhere
 * else, and links with a wrong path (Artifactory's virtual repositories) or a proxied host work.
 */
export function nextPageQuery(header: string | undefined): URLSearchParams | undefined {
  for (const match of (header ?? '').slice(0, 8192).matchAll(/<([^>]*)>([^,<]*)/g)) {
    const [, target = '', parameters = ''] = match
    if (!/;\s*rel\s*=\s*(?:"(?:[^"]*\s)?next(?:\s[^"]*)?"|next\b)/i.test(parameters)) continue
    const query = target.indexOf('?')
    return new URLSearchParams(query < 0 ? '' : target.slice(query + 1).replace(/#.*$/, ''))
  }
  return undefined
}
