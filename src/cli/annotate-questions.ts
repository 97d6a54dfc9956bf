import type { Application } from '../lib/application/application.ts'
import { liveImages } from '../lib/application/live-images.ts'
import { chooseSource } from '../lib/application/source-choice.ts'
import { UserError } from '../lib/errors.ts'
import { splitImageListEntry } from '../lib/image/image-list-entry.ts'
import {
  formatImageReference,
  type ImageReference,
  parseImageReference,
  repositoryName,
  sameRepository,
} from '../lib/image/reference.ts'
import { STRATEGY_NAMES, type StrategyName } from '../lib/policy/strategy-name.ts'
import { createTagFilter } from '../lib/policy/tag-filter.ts'
import type { RegistryAccess } from '../lib/registry/registry.ts'
import { ANNOTATION_PREFIX } from '../lib/rules/annotation-keys.ts'
import type { RuleAnswers } from '../lib/rules/write-annotations.ts'
import { printable } from '../lib/terminal/escape.ts'
import { parseConstraint } from '../lib/version/constraint.ts'
import { parseVersion } from '../lib/version/version.ts'

const OUTPUT = { output: process.stderr }
const OTHER = 'another image'
const SHOWN_TAGS = 12

const STRATEGY_WORDS: Readonly<Record<StrategyName, string>> = {
  semver: 'the highest version, within a range if you like',
  'newest-build': 'the tag pushed (or built) last; follows a tag that moves',
  alphabetical: 'the last in text order, for dates and counters in names',
  digest: 'one tag, whatever it points to',
}

/** Which Application; typing narrows the list. */
export async function askApplication(applications: readonly Application[]): Promise<Application> {
  if (applications.length === 0)
    throw new UserError('there is no Application here', 'Choose a namespace with -n, or -A')
  const { search } = await import('@inquirer/prompts')
  return search(
    {
      message: 'Application',
      source: (term = '') =>
        applications
          .filter(({ metadata }) => metadata.name.includes(term))
          .map((application) => ({ name: printable(application.metadata.name), value: application })),
    },
    OUTPUT,
  )
}

/** Everything a rule needs, one question after the other; each shows what it would mean for the real tags. */
export async function askRule(application: Application, registry: RegistryAccess): Promise<RuleAnswers> {
  const { input, select } = await import('@inquirer/prompts')
  const image = await askImage(application)
  const alias = await input(
    {
      default: knownAlias(application, image) || (image.repository.split('/').at(-1) ?? ''),
      message: 'Alias (names the image in the annotation keys)',
      validate: (text) => /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(text) || 'letters, digits, ".", "_" and "-"',
    },
    OUTPUT,
  )
  const tags = await tagNames(registry, image)
  const strategy = await select(
    {
      choices: STRATEGY_NAMES.map((name) => ({ description: STRATEGY_WORDS[name], name, value: name })),
      default: parseVersion(image.tag) ? ('semver' as const) : ('newest-build' as const),
      message: 'Strategy: which tag is the newest',
    },
    OUTPUT,
  )
  const constraint = await askConstraint(strategy, image, tags)
  const tagFilter = strategy === 'digest' ? '' : await askFilter(tags)
  const writeBack = await askWriteBack(application)
  return { alias, constraint, image: repositoryName(image), strategy, tagFilter, writeBack }
}

async function askImage(application: Application): Promise<ImageReference> {
  const { input, select } = await import('@inquirer/prompts')
  const images = liveImages(application)
  const chosen =
    images.length === 0
      ? OTHER
      : await select<ImageReference | typeof OTHER>(
          {
            choices: [
              ...images.map((image) => ({ name: printable(formatImageReference(image)), value: image })),
              { name: OTHER, value: OTHER },
            ],
            message: 'Image (those it runs)',
          },
          OUTPUT,
        )
  if (chosen !== OTHER) return chosen
  const text = await input(
    {
      message: 'Image ([registry/]repository)',
      validate: (value) => problemOf(() => parseImageReference(value)),
    },
    OUTPUT,
  )
  return parseImageReference(text)
}

async function askConstraint(
  strategy: StrategyName,
  image: ImageReference,
  tags: readonly string[],
): Promise<string> {
  const { input } = await import('@inquirer/prompts')
  if (strategy === 'digest') {
    return input(
      {
        default: image.tag || 'latest',
        message: 'Tag to follow',
        validate: (text) => text !== '' || 'a tag is needed',
      },
      OUTPUT,
    )
  }
  if (strategy !== 'semver') return ''
  const versions = tags.map(parseVersion).filter((version) => version !== undefined)
  return input(
    {
      message: `Version range, empty for any (${versions.length} of ${tags.length} tags are versions)`,
      validate: (text) => problemOf(() => parseConstraint(text || '*')),
    },
    OUTPUT,
  )
}

/** The list below the question is what would match, narrowing with every key. */
async function askFilter(tags: readonly string[]): Promise<string> {
  const { search, Separator } = await import('@inquirer/prompts')
  return search(
    {
      message: 'Filter: RE2 pattern a tag must match (empty for all)',
      pageSize: SHOWN_TAGS + 2,
      source: (term = '') => {
        const problem = problemOf(() => createTagFilter({ imageTagFilter: term }))
        if (problem !== true) return [{ disabled: `(${problem})`, name: term, value: term }]
        const filter = createTagFilter({ imageTagFilter: term })
        const left = tags.filter((tag) => filter.judge(tag) === undefined)
        const shown = left.slice(-SHOWN_TAGS).reverse()
        return [
          {
            name: `${term || 'no filter'}  (${left.length} of ${tags.length} tags match)`,
            short: term || 'none',
            value: term,
          },
          ...shown.map((tag) => new Separator(`  ${printable(tag)}`)),
          ...(left.length > shown.length ? [new Separator(`  … ${left.length - shown.length} more`)] : []),
        ]
      },
    },
    OUTPUT,
  )
}

async function askWriteBack(application: Application): Promise<string> {
  const { select } = await import('@inquirer/prompts')
  const { overrideType } = chooseSource(application)
  const meaning =
    overrideType === 'Unsupported'
      ? 'plain manifests: workloads are restarted when the tag moves'
      : `${overrideType}: the image is set in the Application`
  return select(
    {
      choices: [
        { description: meaning, name: 'application', value: 'application' },
        {
          description: 'restart the workloads when the tag moves in place',
          name: 'restart',
          value: 'restart',
        },
      ],
      message: 'Write-back: where a change goes',
    },
    OUTPUT,
  )
}

/** The alias under which the image is in the image-list already, '' when it is not. */
function knownAlias(application: Application, image: ImageReference): string {
  const list = application.metadata.annotations?.[`${ANNOTATION_PREFIX}image-list`] ?? ''
  const entries = list.split(',').flatMap((text) => {
    const { alias, reference } = splitImageListEntry(text)
    return reference !== '' && problemOf(() => parseImageReference(reference)) === true
      ? [{ alias, reference }]
      : []
  })
  return entries.find(({ reference }) => sameRepository(parseImageReference(reference), image))?.alias ?? ''
}

/** The tags, or none where the registry cannot be read: the questions go on without the preview. */
async function tagNames(registry: RegistryAccess, image: ImageReference): Promise<string[]> {
  try {
    return (await registry.listTags(image)).tags.map(({ tag }) => tag)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    process.stderr.write(`Warning: ${printable(error.message)}: the questions go on without the tags\n`)
    return []
  }
}

function problemOf(read: () => unknown): string | true {
  try {
    read()
    return true
  } catch (error) {
    if (error instanceof UserError) return printable(error.message)
    throw error
  }
}
