import { isTag } from '../image/tag.ts'
import type { HttpResponse } from './bounded.ts'
import { LIMITS } from './limits.ts'
import { nextPageQuery } from './link-header.ts'
import { RegistryError, type RequestSubject } from './registry-error.ts'

/** Page sizes tried in turn before asking for none: some registries refuse a big page, or any size. */
const PAGE_SIZES = [1000, 100]

export interface PagedTags {
  readonly tags: readonly string[]
  /** Names left out because they are not tags. */
  readonly unusable: number
}

/**
 * Reads all pages of a tag listing. `getPage` gets the query to append, '' or starting with `?`.
 *
 * @throws RegistryError of kind `malformed` for nonsense and pages that go in a circle, `too-large` beyond the limits.
 */
export async function listTagPages(
  subject: RequestSubject,
  getPage: (query: string) => Promise<HttpResponse>,
): Promise<PagedTags> {
  const tags = new Set<string>()
  const asked = new Set<string>()
  let unusable = 0
  let bytes = 0
  let page: HttpResponse | undefined = await firstPage(getPage)
  for (let pages = 1; page !== undefined; pages++) {
    bytes += page.body.byteLength
    for (const name of tagNames(page.body, subject)) {
      if (typeof name === 'string' && isTag(name)) tags.add(name)
      else unusable++
    }
    if (bytes > LIMITS.tagListBytes || tags.size > LIMITS.tagCount || unusable > LIMITS.tagCount) {
      throw new RegistryError('too-large', subject, `the listing exceeds ${LIMITS.tagCount} tags or 32 MiB`)
    }
    const query = nextPageQuery(page.headers['link'])?.toString()
    if (query === undefined) break
    if (asked.has(query)) throw new RegistryError('malformed', subject, 'its pages go round in a circle')
    if (pages >= LIMITS.tagPages) {
      throw new RegistryError('too-large', subject, `the listing has more than ${LIMITS.tagPages} pages`)
    }
    asked.add(query)
    page = await getPage(`?${query}`)
  }
  return { tags: [...tags], unusable }
}

async function firstPage(getPage: (query: string) => Promise<HttpResponse>): Promise<HttpResponse> {
  for (const size of PAGE_SIZES) {
    try {
      return await getPage(`?n=${size}`)
    } catch (error) {
      if (!(error instanceof RegistryError) || (error.status !== 400 && error.status !== 405)) throw error
    }
  }
  return getPage('')
}

/** The names of one page; a repository without tags may say `null`. */
function tagNames(body: Buffer, subject: RequestSubject): readonly unknown[] {
  let page: unknown
  try {
    page = JSON.parse(body.toString('utf8'))
  } catch (cause) {
    throw new RegistryError('malformed', subject, 'the answer is not a tag listing (no JSON)', {
      cause,
      remedy: `Check that ${subject.registry} is a container registry`,
    })
  }
  const tags = typeof page === 'object' && page !== null && 'tags' in page ? page.tags : undefined
  if (tags === null) return []
  if (!Array.isArray(tags)) {
    throw new RegistryError('malformed', subject, 'the answer is not a tag listing (no "tags")', {
      remedy: `Check that ${subject.registry} is a container registry`,
    })
  }
  return tags
}
