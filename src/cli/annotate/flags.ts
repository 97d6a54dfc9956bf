import { Flags } from '@oclif/core'
import { UserError } from '../../lib/errors.ts'
import { splitImageListEntry } from '../../lib/image/image-list-entry.ts'
import type { RuleAnswers } from '../../lib/rules/rule-answers.ts'

/** Headings of the flags: what the rule says, what updates have to pass, and where they go. */
const RULE = 'RULE'
const GATES = 'GATES'
export const WRITING = 'WRITE-BACK'

const setting = (helpGroup: string, helpValue: string, description: string) =>
  Flags.string({ description, helpGroup, helpValue })
const yesOrNo = (description: string) => Flags.boolean({ allowNo: true, description, helpGroup: RULE })

/** The settings of a rule, each the flag of an annotation. Absent: left alone; empty: removed. */
export const ruleFlags = {
  image: Flags.string({
    description: 'ALIAS=IMAGE[:CONSTRAINT] that the rule is about (default: everything is asked for)',
    helpValue: 'ALIAS=IMAGE',
  }),
  strategy: setting(RULE, 'NAME', 'What makes a tag the best: semver, newest-build, alphabetical or digest'),
  constraint: setting(RULE, 'TEXT', 'Version range (semver), or the tag to follow (digest)'),
  'tag-filter': setting(RULE, 'PATTERN', 'RE2 pattern that a tag must match'),
  'allow-tags': setting(RULE, 'FUNCTION', 'Which tags may win: regexp:<RE2 pattern> or any'),
  'ignore-tags': setting(RULE, 'GLOBS', 'Comma-separated globs of tags to drop'),
  'tag-pattern': setting(RULE, 'PATTERN', 'RE2 pattern with a group "version": what of the tag is compared'),
  platforms: setting(RULE, 'LIST', 'Comma-separated platforms that the image must offer (linux/amd64)'),
  'pin-digest': yesOrNo('Write tag@digest whatever the strategy'),
  'force-update': yesOrNo('Write the image although nothing runs it yet'),
  'allow-downgrade': yesOrNo('Take a lower version where the rule allows no higher'),
  'poll-interval': setting(RULE, 'DURATION', 'How often this image is polled (5m)'),
  'pull-secret': setting(
    RULE,
    'SECRET',
    'Whose login lists the tags: pullsecret:NAMESPACE/NAME or secret:NAMESPACE/NAME#FIELD',
  ),
  'min-age': setting(GATES, 'DURATION', 'How old an image must be (24h)'),
  'max-bump': setting(GATES, 'STEP', 'patch, minor or major: bigger version steps need a person'),
  'update-window': setting(
    GATES,
    'WINDOW',
    'When updates are allowed (0 22 * * 1-5 4h Europe/Berlin); several separated by ;',
  ),
  after: setting(
    GATES,
    'APPLICATION',
    'APPLICATION[:DURATION] that must run the same image well first (shop-staging:30m)',
  ),
  'helm-image-name': setting(
    WRITING,
    'PARAMETER',
    'Helm parameter that takes registry and name (image.name)',
  ),
  'helm-image-tag': setting(WRITING, 'PARAMETER', 'Helm parameter that takes the tag (image.tag)'),
  'helm-image-spec': setting(
    WRITING,
    'PARAMETER',
    'Helm parameter that takes the whole reference, in place of these two',
  ),
  'kustomize-image-name': setting(WRITING, 'NAME', 'Name of the image in the base of the kustomization'),
  'write-back': setting(
    WRITING,
    'METHOD',
    'How it is written: application, restart or git[:…]; for all images of the Application',
  ),
  'write-back-target': setting(
    WRITING,
    'TARGET',
    'With git: kustomization[:path], helmvalues[:path] or manifests[:path]; for all images of the Application',
  ),
  'git-branch': setting(
    WRITING,
    'BRANCH',
    'With git: the branch to commit to; for all images of the Application',
  ),
  'git-repository': setting(
    WRITING,
    'URL',
    'With git: another repository to commit to; for all images of the Application',
  ),
  'pull-request': setting(
    WRITING,
    'SERVICE',
    'With git: the service to open a pull request at, github, gitlab, gitea, forgejo, bitbucket or azure; for all images of the Application',
  ),
}

/** The values of {@link ruleFlags}. */
export interface RuleFlagValues {
  readonly image?: string | undefined
  readonly strategy?: string | undefined
  readonly constraint?: string | undefined
  readonly 'tag-filter'?: string | undefined
  readonly 'allow-tags'?: string | undefined
  readonly 'ignore-tags'?: string | undefined
  readonly 'tag-pattern'?: string | undefined
  readonly platforms?: string | undefined
  readonly 'pin-digest'?: boolean | undefined
  readonly 'force-update'?: boolean | undefined
  readonly 'allow-downgrade'?: boolean | undefined
  readonly 'poll-interval'?: string | undefined
  readonly 'pull-secret'?: string | undefined
  readonly 'min-age'?: string | undefined
  readonly 'max-bump'?: string | undefined
  readonly 'update-window'?: string | undefined
  readonly after?: string | undefined
  readonly 'helm-image-name'?: string | undefined
  readonly 'helm-image-tag'?: string | undefined
  readonly 'helm-image-spec'?: string | undefined
  readonly 'kustomize-image-name'?: string | undefined
  readonly 'write-back'?: string | undefined
  readonly 'write-back-target'?: string | undefined
  readonly 'git-branch'?: string | undefined
  readonly 'git-repository'?: string | undefined
  readonly 'pull-request'?: string | undefined
}

/** What `annotate` was not told, and cannot ask for. */
export class MissingAnswerError extends UserError {}

/** @throws MissingAnswerError when `image` has no alias */
export function answersFromFlags(image: string, flags: RuleFlagValues): RuleAnswers {
  const { alias, reference } = splitImageListEntry(image)
  if (alias === '') {
    throw new MissingAnswerError(
      `--image "${image}" names no alias`,
      'Write --image ALIAS=IMAGE, for example web=ghcr.io/org/web',
    )
  }
  const answers: { [Name in keyof RuleAnswers]: RuleAnswers[Name] | undefined } = {
    alias,
    image: reference,
    constraint: flags.constraint,
    strategy: flags.strategy,
    tagFilter: flags['tag-filter'],
    allowTags: flags['allow-tags'],
    ignoreTags: list(flags['ignore-tags']),
    tagPattern: flags['tag-pattern'],
    platforms: list(flags.platforms),
    pinDigest: flags['pin-digest'],
    forceUpdate: flags['force-update'],
    allowDowngrade: flags['allow-downgrade'],
    pollInterval: flags['poll-interval'],
    pullSecret: flags['pull-secret'],
    minAge: flags['min-age'],
    maxBump: flags['max-bump'],
    updateWindow: flags['update-window'],
    after: flags.after,
    helmName: flags['helm-image-name'],
    helmTag: flags['helm-image-tag'],
    helmSpec: flags['helm-image-spec'],
    kustomizeName: flags['kustomize-image-name'],
    writeBack: flags['write-back'],
    writeBackTarget: flags['write-back-target'],
    gitBranch: flags['git-branch'],
    gitRepository: flags['git-repository'],
    pullRequest: flags['pull-request'],
  }
  const given = Object.entries(answers).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given) as unknown as RuleAnswers
}

/** A list as a flag or a person writes it; undefined stays so, '' is the empty list. */
export function list(text: string | undefined): string[] | undefined {
  if (text === undefined) return undefined
  return text === '' ? [] : text.split(',').map((entry) => entry.trim())
}
