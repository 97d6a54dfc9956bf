import type { DescribedImage } from './described-change.ts'

const SOURCE = 'org.opencontainers.image.source'
const REVISION = 'org.opencontainers.image.revision'
const COMMIT = /^[0-9a-f]{7,64}$/i
const SHORT = 7

/** Where to read what changed. */
export interface CompareLink {
  /** http or https; nothing in it ends a Markdown link or a cell of a table. */
  readonly url: string
  /** `github.com 1a2b3c4...5d6e7f8`: the host is named, since the image itself says where the link leads. */
  readonly text: string
}

/** How forges address a comparison and a commit, by what their host is called. */
const FORGES: readonly {
  readonly host: RegExp
  readonly compare: (before: string, after: string) => string
  readonly commit: (hash: string) => string
}[] = [
  {
    host: /(?:^|[.-])gitlab\b/,
    compare: (before, after) => `/-/compare/${before}...${after}`,
    commit: (hash) => `/-/commit/${hash}`,
  },
  {
    host: /(?:^|[.-])bitbucket\.org$/,
    compare: (before, after) => `/branches/compare/${after}%0D${before}`,
    commit: (hash) => `/commits/${hash}`,
  },
  {
    host: /(?:^|[.-])(?:github|gitea|forgejo)\b|^codeberg\.org$/,
    compare: (before, after) => `/compare/${before}...${after}`,
    commit: (hash) => `/commit/${hash}`,
  },
]

/**
 * The link to the changes between two images, from their labels `org.opencontainers.image.source` and
 * `org.opencontainers.image.revision`; to the new commit where nothing is known of the old one or it came from
 * another repository; to the repository where the forge is unknown.
 *
 * @param hosts the only hosts that are linked to; without it all are
 */
export function compareLink(image: DescribedImage, hosts?: readonly string[]): CompareLink | undefined {
  const { labels = {}, labelsBefore = {} } = image
  const source = repositoryPage(labels[SOURCE] ?? '')
  const after = commitOf(labels)
  if (source === undefined || after === undefined) return undefined
  if (hosts !== undefined && !hosts.includes(source.hostname)) return undefined
  const forge = FORGES.find(({ host }) => host.test(source.hostname))
  const page = pageText(source)
  if (forge === undefined) return { url: page, text: source.host }
  const before = commitOf(labelsBefore)
  const known = repositoryPage(labelsBefore[SOURCE] ?? labels[SOURCE] ?? '')
  if (before === undefined || before === after || known === undefined || pageText(known) !== page) {
    return { url: page + forge.commit(after), text: `${source.host} ${after.slice(0, SHORT)}` }
  }
  return {
    url: page + forge.compare(before, after),
    text: `${source.host} ${before.slice(0, SHORT)}...${after.slice(0, SHORT)}`,
  }
}

function commitOf(labels: Readonly<Record<string, string>>): string | undefined {
  const hash = labels[REVISION] ?? ''
  return COMMIT.test(hash) ? hash.toLowerCase() : undefined
}

/** Only http(s), no credentials, and a host in ASCII: another could look like one that it is not. */
function repositoryPage(label: string): URL | undefined {
  const url = URL.parse(label)
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return undefined
  if (url.username !== '' || url.password !== '' || !/^[a-z0-9.-]+$/.test(url.hostname)) return undefined
  return url.hostname.split('.').some((part) => part.startsWith('xn--')) ? undefined : url
}

/** Of the path only what ends neither a link nor a cell; the rest in percent signs. */
function pageText({ origin, pathname }: URL): string {
  const path = pathname.replace(/[^A-Za-z0-9/._~%-]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
  })
  return origin + path.replace(/\/+$/, '').replace(/\.git$/, '')
}
