import type { Application } from '../../lib/application/application.ts'
import { liveImages } from '../../lib/application/live-images.ts'
import { type ImageTargets, imageTargets } from '../../lib/engine/annotated-targets.ts'
import { UserError } from '../../lib/errors.ts'
import { splitImageListEntry } from '../../lib/image/image-list-entry.ts'
import {
  formatImageReference,
  type ImageReference,
  parseImageReference,
  repositoryName,
  sameRepository,
} from '../../lib/image/reference.ts'
import type { RegistryAccess } from '../../lib/registry/registry.ts'
import { ANNOTATION_PREFIX } from '../../lib/rules/annotation-keys.ts'
import { type RuleAnswers, writtenAnswers } from '../../lib/rules/rule-answers.ts'
import { suggestAlias } from '../../lib/rules/suggest-alias.ts'
import { suggestRules } from '../../lib/rules/suggest-rule.ts'
import { printable } from '../../lib/terminal/escape.ts'
import { OUTPUT, problemOf, type TagsAtHand } from './choices.ts'
import type { RuleDraft, RuleForm } from './draft.ts'
import { askHelmNames, askMoreSettings } from './settings.ts'
import { askChoice } from './tag-questions.ts'
import { awaitTags, listTagsAhead } from './tags.ts'

const OTHER = 'another image'

/** What was answered, and whether the tags were known meanwhile. */
export interface AskedRule {
  readonly answers: RuleAnswers
  readonly tagsKnown: boolean
}

/** Which Application; typing narrows the list. */
export async function askApplication(applications: readonly Application[]): Promise<Application> {
  if (applications.length === 0)
    throw new UserError('there is no Application here', 'Choose a namespace with -n, or -A')
  const { chooseWhileTyping } = await import('./choose-while-typing.ts')
  return chooseWhileTyping(
    {
      message: 'Application',
      choicesFor: (typed) =>
        applications
          .filter(({ metadata }) => metadata.name.includes(typed))
          .map((application) => ({ name: printable(application.metadata.name), value: application })),
    },
    OUTPUT,
  )
}

/**
 * Everything a rule needs, one question after the other; each shows what it would mean for the real tags.
 *
 * @param applications that the rule is for; the first decides what is suggested
 */
export async function askRule(
  applications: readonly [Application, ...Application[]],
  registry: RegistryAccess,
  form: RuleForm,
): Promise<AskedRule> {
  const [application] = applications
  const image = await askImage(applications)
  const ahead = listTagsAhead(registry, image)
  const alias = await askAlias(application, image)
  const tags = await awaitTags(ahead, image)
  const atHand: TagsAtHand = { tags, running: image.tag }
  const written = form === 'annotations' ? writtenAnswers(application.metadata.annotations ?? {}, alias) : {}
  const suggestions = suggestRules(
    (tags ?? []).map(({ tag }) => tag),
    image.tag,
  ).filter(({ tagPattern }) => form === 'annotations' || tagPattern === '')
  const chosen = await askChoice({ atHand, image, suggestions, written })
  const targets = imageTargets(application)
  const writeBack = await askWriteBack(targets, form)
  const draft: RuleDraft = {
    application,
    atHand,
    form,
    image,
    registry,
    targets,
    written,
    answers: { alias, image: repositoryName(image), ...chosen, writeBack },
  }
  const named = await askHelmNames(draft)
  const answers = await askMoreSettings({ ...draft, answers: { ...draft.answers, ...named } })
  return { answers, tagsKnown: tags !== undefined }
}

async function askImage(applications: readonly Application[]): Promise<ImageReference> {
  const { input, select } = await import('@inquirer/prompts')
  const all = applications.flatMap((application) => liveImages(application))
  const images = [...new Map(all.map((image) => [formatImageReference(image), image])).values()]
  const chosen =
    images.length === 0
      ? OTHER
      : await select<ImageReference | typeof OTHER>(
          {
            choices: [
              ...images.map((image) => ({ name: printable(formatImageReference(image)), value: image })),
              { name: OTHER, value: OTHER },
            ],
            message: `Image (those ${applications.length === 1 ? 'it runs' : 'they run'})`,
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

async function askAlias(application: Application, image: ImageReference): Promise<string> {
  const { input } = await import('@inquirer/prompts')
  const entries = listedImages(application)
  const known = entries.find(({ reference }) => sameRepository(reference, image))?.alias
  const taken = new Set(entries.map(({ alias }) => alias))
  return input(
    {
      default: known || suggestAlias(image, application.metadata.name, taken),
      message: 'Alias (names the image in the annotation keys)',
      validate: (text) => /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(text) || 'letters, digits, ".", "_" and "-"',
    },
    OUTPUT,
  )
}

async function askWriteBack({ overrideType }: ImageTargets, form: RuleForm): Promise<string> {
  const { select } = await import('@inquirer/prompts')
  const meaning =
    overrideType === 'Unsupported'
      ? 'plain manifests: workloads are restarted when the tag moves'
      : `${overrideType}: the image is set in the Application`
  const restart = {
    description: 'restart the workloads when the tag moves in place',
    name: 'restart',
    value: 'restart',
  }
  return select(
    {
      choices: [
        { description: meaning, name: 'application', value: 'application' },
        ...(form === 'annotations' ? [restart] : []),
      ],
      message: 'Write-back: where a change goes',
    },
    OUTPUT,
  )
}

/** The images of the image-list, as far as they can be read. */
function listedImages({ metadata }: Application): { alias: string; reference: ImageReference }[] {
  const list = metadata.annotations?.[`${ANNOTATION_PREFIX}image-list`] ?? ''
  return list.split(',').flatMap((text) => {
    const { alias, reference } = splitImageListEntry(text)
    return reference !== '' && problemOf(() => parseImageReference(reference)) === true
      ? [{ alias, reference: parseImageReference(reference) }]
      : []
  })
}
