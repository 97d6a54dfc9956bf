import { UserError } from '../errors.ts'
import { isGeneratedArtifact } from '../image/tag.ts'
import { type Dropped, dropped } from './candidate.ts'
import { parseGlob } from './glob.ts'
import { compilePattern, type Pattern } from './pattern.ts'

/** Decides by the name alone whether a tag may be considered at all. */
export interface TagFilter {
  /** The drop verdict, or undefined when the tag may stay. */
  judge(tag: string): Dropped | undefined
  /** The filter in a few words for people: `image-tag-filter ^production$`; '' when everything may stay. */
  readonly description: string
}

/** The settings a tag filter is made of, as written. Absent ones let every tag stay. */
export interface TagFilterSettings {
  /** `regexp:<RE2>` or `any`. */
  readonly allowTags?: string
  /** An RE2 pattern without keyword. */
  readonly imageTagFilter?: string
  /** Globs; a tag that any of them matches is dropped. */
  readonly ignoreTags?: readonly string[]
}

/** `setting` names the one that is wrong. */
export class TagFilterError extends UserError {
  readonly setting: 'allow-tags' | 'image-tag-filter' | 'ignore-tags'

  constructor(setting: TagFilterError['setting'], message: string, remedy: string, options?: ErrorOptions) {
    super(message, remedy, options)
    this.setting = setting
  }
}

type Judge = (tag: string) => Dropped | undefined

const ALLOW_TAGS_EXAMPLE = 'Write "regexp:<pattern>", for example "regexp:^v1", or "any"'

/**
 * A filter that a tag passes when `allow-tags` and `image-tag-filter` both let it and no `ignore-tags`
 * glob matches it. Tags that tools generate beside an image are always dropped.
 *
 * @throws TagFilterError when a setting cannot be read.
 */
export function createTagFilter(settings: TagFilterSettings = {}): TagFilter {
  const { allowTags = '', imageTagFilter = '', ignoreTags = [] } = settings
  const judges: Judge[] = [judgeArtifact]
  const parts: string[] = []
  const allowed = allowTagsPattern(allowTags)
  if (allowed !== undefined) {
    judges.push(judgePattern('allow-tags', allowed))
    parts.push(`allow-tags ${allowTags}`)
  }
  if (imageTagFilter !== '') {
    judges.push(judgePattern('image-tag-filter', settingPattern('image-tag-filter', imageTagFilter)))
    parts.push(`image-tag-filter ${imageTagFilter}`)
  }
  if (ignoreTags.some((glob) => glob !== '')) parts.push(`ignore-tags ${ignoreTags.join(',')}`)
  if (ignoreTags.length > 0) judges.push(judgeGlobs(ignoreTags))
  return {
    description: parts.join(', '),
    judge: (tag) => {
      for (const judge of judges) {
        const verdict = judge(tag)
        if (verdict !== undefined) return verdict
      }
      return undefined
    },
  }
}

/** The filter, with tags that somebody declined dropped as well. */
export function decliningTags(filter: TagFilter, tags: readonly string[]): TagFilter {
  if (tags.length === 0) return filter
  const declined = new Set(tags)
  return {
    description: filter.description,
    judge: (tag) =>
      filter.judge(tag) ??
      (declined.has(tag) ? dropped(tag, 'skip-tags', 'declined by skip-tags') : undefined),
  }
}

function judgeArtifact(tag: string): Dropped | undefined {
  return isGeneratedArtifact(tag)
    ? dropped(tag, 'artifact', 'a signature, attestation or other artefact, not an image')
    : undefined
}

function judgePattern(setting: 'allow-tags' | 'image-tag-filter', pattern: Pattern): Judge {
  const reason = `does not match ${setting} ${pattern.source}`
  return (tag) => (pattern.occursIn(tag) ? undefined : dropped(tag, setting, reason))
}

function judgeGlobs(patterns: readonly string[]): Judge {
  const globs = patterns.map((pattern) => {
    try {
      return parseGlob(pattern)
    } catch (error) {
      throw retold('ignore-tags', error)
    }
  })
  return (tag) => {
    const match = globs.find((glob) => glob.matches(tag))
    return match && dropped(tag, 'ignore-tags', `matches ignore-tags ${match.pattern}`)
  }
}

/** undefined when every tag is allowed. The keyword's case does not matter. */
function allowTagsPattern(value: string): Pattern | undefined {
  if (value === '' || value.toLowerCase() === 'any') return undefined
  const colon = value.indexOf(':')
  if (value.slice(0, Math.max(colon, 0)).toLowerCase() === 'regexp') {
    return settingPattern('allow-tags', value.slice(colon + 1))
  }
  if (colon < 0) {
    throw new TagFilterError(
      'allow-tags',
      'it has no keyword, so it would allow no tag at all',
      `Write "regexp:${value}"`,
    )
  }
  throw new TagFilterError('allow-tags', 'it begins with an unknown keyword', ALLOW_TAGS_EXAMPLE)
}

function settingPattern(setting: 'allow-tags' | 'image-tag-filter', source: string): Pattern {
  try {
    return compilePattern(source)
  } catch (error) {
    throw retold(setting, error)
  }
}

function retold(setting: TagFilterError['setting'], error: unknown): unknown {
  if (!(error instanceof UserError)) return error
  return new TagFilterError(setting, error.message, error.remedy, { cause: error })
}
