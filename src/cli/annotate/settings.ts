import { helmParameterNames } from '../../lib/application/override/helm.ts'
import { type RuleAnswers, SETTING_KEYS } from '../../lib/rules/rule-answers.ts'
import { writeAnnotations } from '../../lib/rules/write-annotations.ts'
import { settingsWithoutField } from '../../lib/rules/write-image-updater.ts'
import { printable } from '../../lib/terminal/escape.ts'
import { OUTPUT, problemOf } from './choices.ts'
import type { RuleDraft, SettingQuestion } from './draft.ts'
import { askSetting } from './setting-question.ts'

/** Rows of a terminal that a list of settings leaves to what stands around it. */
const OTHER_ROWS = 8

const QUESTIONS: readonly SettingQuestion[] = [
  { setting: 'allowTags', kind: 'tags', meaning: 'regexp:<RE2 pattern> or any' },
  {
    setting: 'ignoreTags',
    kind: 'tags',
    meaning: 'comma-separated globs of tags to drop',
  },
  {
    setting: 'tagPattern',
    kind: 'tags',
    meaning: 'RE2 with a group "version": what of the tag is compared',
  },
  {
    setting: 'platforms',
    kind: 'platforms',
    meaning: 'comma-separated platforms the image must offer',
  },
  {
    setting: 'pinDigest',
    kind: 'yes-no',
    meaning: 'write tag@digest whatever the strategy',
  },
  {
    setting: 'forceUpdate',
    kind: 'yes-no',
    meaning: 'write the image although nothing runs it yet',
  },
  {
    setting: 'allowDowngrade',
    kind: 'yes-no',
    meaning: 'take a lower version where the rule allows no higher',
  },
  { setting: 'pollInterval', meaning: 'how often this image is polled (5m)' },
  {
    setting: 'pullSecret',
    meaning: 'whose login lists the tags: pullsecret:NAMESPACE/NAME or secret:NAMESPACE/NAME#FIELD',
  },
  { setting: 'minAge', meaning: 'how old an image must be (24h)' },
  { setting: 'maxBump', meaning: 'patch, minor or major: bigger version steps need a person' },
  { setting: 'updateWindow', meaning: 'when updates are allowed (0 22 * * 1-5 4h Europe/Berlin)' },
  {
    setting: 'after',
    meaning: 'application[:duration] that must run the same image well first (shop-staging:30m)',
  },
  {
    setting: 'helmName',
    kind: 'helm',
    meaning: 'Helm parameter that takes registry and name',
    type: 'Helm',
  },
  {
    setting: 'helmTag',
    kind: 'helm',
    meaning: 'Helm parameter that takes the tag',
    type: 'Helm',
  },
  {
    setting: 'helmSpec',
    kind: 'helm',
    meaning: 'Helm parameter that takes the whole reference, in place of the two above',
    type: 'Helm',
  },
  {
    setting: 'kustomizeName',
    meaning: 'name of the image in the base of the kustomization',
    type: 'Kustomize',
  },
  {
    setting: 'writeBack',
    meaning: 'application, restart or git[:…]; for all images of the Application',
  },
  {
    setting: 'writeBackTarget',
    meaning: 'with git: kustomization[:path], helmvalues[:path] or manifests[:path]',
  },
  { setting: 'gitBranch', meaning: 'with git: the branch to commit to' },
  { setting: 'gitRepository', meaning: 'with git: another repository to commit to' },
  {
    setting: 'pullRequest',
    meaning: 'with git: the service to open a pull request at (github, gitlab, gitea, …)',
  },
]

/**
 * Whether there is more to say, and then each setting that is chosen from a list, until that is enough. A rule
 * that would not work is not enough: what is wrong is said, and the list stays.
 */
export async function askMoreSettings(draft: RuleDraft): Promise<RuleAnswers> {
  const { confirm } = await import('@inquirer/prompts')
  const message = 'More settings? (other tags, platforms, login, names in Helm, git, when)'
  const wanted = await confirm({ default: false, message }, OUTPUT)
  if (!wanted && isComplete(draft, draft.answers)) return draft.answers
  const questions = QUESTIONS.filter((question) => isPossible(question, draft))
  let { answers } = draft
  for (;;) {
    const chosen = await chooseQuestion(questions, { ...draft, answers })
    if (chosen) {
      const answered = await askSetting(chosen, { ...draft, answers })
      answers = { ...answers, [chosen.setting]: answered }
    } else if (isComplete(draft, answers)) return answers
  }
}

/**
 * The Helm parameters that take the image, where the Application sets parameters and none of the usual name:
 * without them a change would have no effect.
 */
export async function askHelmNames(draft: RuleDraft): Promise<Partial<RuleAnswers>> {
  const { helmParameters, overrideType } = draft.targets
  const { helmName: name = '', helmTag: tag = '', helmSpec: spec = '' } = draft.written
  const names = Object.values(helmParameterNames({ name, spec, tag }))
  const usual = names.some((parameter) => helmParameters.includes(parameter))
  if (overrideType !== 'Helm' || helmParameters.length === 0 || usual) return {}
  const asked = QUESTIONS.filter(({ setting }) => setting === 'helmName' || setting === 'helmTag')
  const answers: [string, unknown][] = []
  for (const question of asked) answers.push([question.setting, await askSetting(question, draft)])
  return Object.fromEntries(answers.filter(([, name]) => name !== ''))
}

async function chooseQuestion(
  questions: readonly SettingQuestion[],
  draft: RuleDraft,
): Promise<SettingQuestion | undefined> {
  const { select } = await import('@inquirer/prompts')
  const rows = (process.stderr.rows ?? 24) - OTHER_ROWS
  return select<SettingQuestion | undefined>(
    {
      choices: [
        { name: 'That is all', value: undefined },
        ...questions.map((question) => ({
          description: question.meaning,
          name: nameWithAnswer(question, draft),
          value: question,
        })),
      ],
      loop: false,
      message: 'Setting',
      pageSize: Math.max(5, Math.min(questions.length + 1, rows)),
    },
    OUTPUT,
  )
}

/** An ImageUpdater is checked as a whole later, as is what annotations cannot tell. */
function isComplete({ application, form }: RuleDraft, answers: RuleAnswers): boolean {
  const problem = form === 'annotations' ? problemOf(() => writeAnnotations(application, answers)) : true
  if (problem !== true) process.stderr.write(`Warning: ${problem}\n`)
  return problem === true
}

function isPossible(
  { setting, type, kind }: SettingQuestion,
  { answers, form, targets }: RuleDraft,
): boolean {
  if (type !== undefined && type !== targets.overrideType) return false
  if (form === 'annotations') return true
  const example = kind === 'yes-no' ? true : '1'
  return settingsWithoutField({ alias: '', image: answers.image, [setting]: example }).length === 0
}

function nameWithAnswer({ setting }: SettingQuestion, { answers, written }: RuleDraft): string {
  const value = answers[setting] ?? written[setting]
  const text = Array.isArray(value) ? value.join(',') : value === undefined ? '' : String(value)
  return printable(text === '' ? SETTING_KEYS[setting] : `${SETTING_KEYS[setting].padEnd(22)}${text}`)
}
