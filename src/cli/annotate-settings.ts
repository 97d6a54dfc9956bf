import { helmParameterNames } from '../lib/application/override/helm.ts'
import type { RuleAnswers } from '../lib/rules/write-annotations.ts'
import { settingsWithoutField } from '../lib/rules/write-image-updater.ts'
import { printable } from '../lib/terminal/escape.ts'
import { OUTPUT } from './annotate-choices.ts'
import type { RuleDraft, Setting } from './annotate-draft.ts'
import { askSetting } from './annotate-setting-question.ts'

const SETTINGS: readonly Setting[] = [
  { answer: 'allowTags', key: 'allow-tags', kind: 'tags', meaning: 'regexp:<RE2 pattern> or any' },
  {
    answer: 'ignoreTags',
    key: 'ignore-tags',
    kind: 'tags',
    meaning: 'comma-separated globs of tags to drop',
  },
  {
    answer: 'tagPattern',
    key: 'tag-pattern',
    kind: 'tags',
    meaning: 'RE2 with a group "version": what of the tag is compared',
  },
  {
    answer: 'platforms',
    key: 'platforms',
    kind: 'platforms',
    meaning: 'comma-separated platforms the image must offer',
  },
  {
    answer: 'pinDigest',
    key: 'pin-digest',
    kind: 'yes-no',
    meaning: 'write tag@digest whatever the strategy',
  },
  {
    answer: 'forceUpdate',
    key: 'force-update',
    kind: 'yes-no',
    meaning: 'write the image although nothing runs it yet',
  },
  {
    answer: 'allowDowngrade',
    key: 'allow-downgrade',
    kind: 'yes-no',
    meaning: 'take a lower version where the rule allows no higher',
  },
  { answer: 'pollInterval', key: 'image-poll-interval', meaning: 'how often this image is polled (5m)' },
  {
    answer: 'pullSecret',
    key: 'pull-secret',
    meaning: 'whose login lists the tags: pullsecret:name or secret:name#field',
  },
  {
    answer: 'helmName',
    key: 'helm.image-name',
    kind: 'helm',
    meaning: 'Helm parameter that takes registry and name',
    type: 'Helm',
  },
  {
    answer: 'helmTag',
    key: 'helm.image-tag',
    kind: 'helm',
    meaning: 'Helm parameter that takes the tag',
    type: 'Helm',
  },
  {
    answer: 'helmSpec',
    key: 'helm.image-spec',
    kind: 'helm',
    meaning: 'Helm parameter that takes the whole reference, in place of the two above',
    type: 'Helm',
  },
  {
    answer: 'kustomizeName',
    key: 'kustomize.image-name',
    meaning: 'name of the image in the base of the kustomization',
    type: 'Kustomize',
  },
  {
    answer: 'writeBack',
    key: 'write-back-method',
    meaning: 'application, restart or git[:…]; for all images of the Application',
  },
  {
    answer: 'writeBackTarget',
    key: 'write-back-target',
    meaning: 'with git: kustomization[:path] or helmvalues[:path]',
  },
  { answer: 'gitBranch', key: 'git-branch', meaning: 'with git: the branch to commit to' },
  { answer: 'gitRepository', key: 'git-repository', meaning: 'with git: another repository to commit to' },
]

/** Whether there is more to say, and then each setting that is chosen from a list, until that is enough. */
export async function askMoreSettings(draft: RuleDraft): Promise<RuleAnswers> {
  const { confirm, select } = await import('@inquirer/prompts')
  const message = 'More settings? (other tags, platforms, login, names in Helm, git, when)'
  if (!(await confirm({ default: false, message }, OUTPUT))) return draft.answers
  const settings = SETTINGS.filter((setting) => isPossible(setting, draft))
  let { answers } = draft
  for (;;) {
    const chosen = await select<Setting | undefined>(
      {
        choices: [
          { name: 'That is all', value: undefined },
          ...settings.map((setting) => ({
            description: setting.meaning,
            name: nameWithAnswer(setting, answers),
            value: setting,
          })),
        ],
        message: 'Setting',
        pageSize: settings.length + 1,
      },
      OUTPUT,
    )
    if (chosen === undefined) return answers
    const answered = await askSetting(chosen, { ...draft, answers })
    answers = { ...answers, [chosen.answer]: answered }
  }
}

/**
 * The Helm parameters that take the image, where the Application sets parameters and none of the usual name:
 * without them a change would have no effect.
 */
export async function askHelmNames(draft: RuleDraft): Promise<Partial<RuleAnswers>> {
  const { helmParameters, overrideType } = draft.targets
  const { name, tag } = helmParameterNames()
  const usual = [name, tag].some((parameter) => helmParameters.includes(parameter))
  if (overrideType !== 'Helm' || helmParameters.length === 0 || usual) return {}
  const [named, tagged] = SETTINGS.filter(({ answer }) => answer === 'helmName' || answer === 'helmTag')
  if (!named || !tagged) return {}
  const helmName = String(await askSetting(named, draft))
  const helmTag = String(await askSetting(tagged, draft))
  return { ...(helmName && { helmName }), ...(helmTag && { helmTag }) }
}

function isPossible({ answer, type, kind }: Setting, { answers, form, targets }: RuleDraft): boolean {
  if (type !== undefined && type !== targets.overrideType) return false
  if (form === 'annotations') return true
  const example = kind === 'yes-no' ? true : '1'
  return settingsWithoutField({ alias: '', image: answers.image, [answer]: example }).length === 0
}

function nameWithAnswer({ answer, key }: Setting, answers: RuleAnswers): string {
  const value = answers[answer]
  const text = Array.isArray(value) ? value.join(',') : value === undefined ? '' : String(value)
  return printable(text === '' ? key : `${key.padEnd(22)}${text}`)
}
