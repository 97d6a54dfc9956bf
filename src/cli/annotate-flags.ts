import { Flags } from '@oclif/core'
import { UserError } from '../lib/errors.ts'
import { splitImageListEntry } from '../lib/image/image-list-entry.ts'
import type { RuleAnswers } from '../lib/rules/rule-answers.ts'

/** Heading of the flags that say where a change goes. */
export const WRITING = 'WRITE-BACK'
const GATES = 'GATES'

/** The settings of a rule, each the flag of an annotation. Absent: left alone; empty: removed. */
export const ruleFlags = {
  image: Flags.string({ description: 'ALIAS=IMAGE[:CONSTRAINT] that the rule is about' }),
  strategy: Flags.string({ description: 'semver, newest-build, alphabetical or digest' }),
  constraint: Flags.string({ description: 'Version range (semver) or the tag to follow (digest)' }),
  'tag-filter': Flags.string({ description: 'RE2 pattern a tag must match' }),
  'allow-tags': Flags.string({ description: 'regexp:<RE2 pattern> or any' }),
  'ignore-tags': Flags.string({ description: 'Comma-separated globs of tags to drop' }),
  'tag-pattern': Flags.string({ description: 'RE2 with a group "version": what of the tag is compared' }),
  platforms: Flags.string({ description: 'Comma-separated platforms the image must offer (linux/amd64)' }),
  'pin-digest': Flags.boolean({ description: 'Write tag@digest whatever the strategy', allowNo: true }),
  'force-update': Flags.boolean({
    description: 'Write the image although nothing runs it yet',
    allowNo: true,
  }),
  'allow-downgrade': Flags.boolean({
    description: 'Take a lower version where the rule allows no higher',
    allowNo: true,
  }),
  'poll-interval': Flags.string({ description: 'How often this image is polled (5m)' }),
  'pull-secret': Flags.string({
    description: 'Whose login lists the tags: pullsecret:NAMESPACE/NAME or secret:NAMESPACE/NAME#FIELD',
  }),
  'min-age': Flags.string({ description: 'How old an image must be (24h)', helpGroup: GATES }),
  'max-bump': Flags.string({
    description: 'patch, minor or major: bigger version steps need a person',
    helpGroup: GATES,
  }),
  'update-window': Flags.string({
    description: 'When updates are allowed (0 22 * * 1-5 4h Europe/Berlin); several separated by ;',
    helpGroup: GATES,
  }),
  after: Flags.string({
    description: 'APPLICATION[:DURATION] that must run the same image well first (shop-staging:30m)',
    helpGroup: GATES,
  }),
  'helm-image-name': Flags.string({
    description: 'Helm parameter that takes registry and name (default image.name)',
    helpGroup: WRITING,
  }),
  'helm-image-tag': Flags.string({
    description: 'Helm parameter that takes the tag (default image.tag)',
    helpGroup: WRITING,
  }),
  'helm-image-spec': Flags.string({
    description: 'Helm parameter that takes the whole reference, in place of the two above',
    helpGroup: WRITING,
  }),
  'kustomize-image-name': Flags.string({
    description: 'Name of the image in the base of the kustomization',
    helpGroup: WRITING,
  }),
  'write-back': Flags.string({
    description: 'application, restart or git[:…]; for all images of the Application',
    helpGroup: WRITING,
  }),
  'write-back-target': Flags.string({
    description:
      'With git: kustomization[:path], helmvalues[:path] or manifests[:path]; for all images of the Application',
    helpGroup: WRITING,
  }),
  'git-branch': Flags.string({
    description: 'With git: the branch to commit to; for all images of the Application',
    helpGroup: WRITING,
  }),
  'git-repository': Flags.string({
    description: 'With git: another repository to commit to; for all images of the Application',
    helpGroup: WRITING,
  }),
  'pull-request': Flags.string({
    description:
      'With git: the service to open a pull request at, github, gitlab, gitea, forgejo, bitbucket or azure; for all images of the Application',
    helpGroup: WRITING,
  }),
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
