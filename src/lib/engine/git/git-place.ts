import type { Application } from '../../application/application.ts'
import { applicationField } from '../../application/application-field.ts'
import type { ObjectField } from '../../application/object-field.ts'
import { chooseSource } from '../../application/source-choice.ts'
import { UserError } from '../../errors.ts'
import { checkBranchName } from '../../git/ref-name.ts'
import { normalizeRepositoryUrl } from '../../git/repository-url.ts'
import type { PullRequestService } from '../../rules/pull-request-service.ts'
import type { UpdateRule, WriteBack } from '../../rules/update-rule.ts'
import { baseBranch, type Source } from '../../writeback/git/base-branch.ts'
import { readBranchTemplate } from '../../writeback/git/branch-name.ts'
import { parseBranchSetting } from '../../writeback/git/branch-setting.ts'
import { targetPlace } from '../../writeback/git/targets/target-place.ts'
import { parseWriteBackTarget, type Target } from '../../writeback/git/targets/write-back-target.ts'
import { targetText } from './target-text.ts'

/** Where an image is committed. */
export interface GitPlace {
  readonly url: string
  /** The branch to start from, as the rule names it; '' leaves it to the Application. */
  readonly base: string
  /** `targetRevision` of the source. */
  readonly revision: string
  /** A template for the branch that is pushed; absent where that is the base. */
  readonly write?: string
  readonly target: Target
  /** The service of the pull request by which it goes; absent where it goes straight to the branch. */
  readonly request?: NonNullable<WriteBack['pullRequest']>
  /** What has the same goes into one commit. */
  readonly group: string
}

/** What the operator wants beside what rules say. */
export interface PlaceWishes {
  /** Whether each Application gets a commit of its own. */
  readonly alone?: boolean
  /** Where a pull request is made for rules that name no service themselves. */
  readonly pullRequest?: PullRequestService | undefined
}

/** Where Argo CD is installed by default, for Applications whose controller has not said where it runs. */
const DEFAULT_CONTROL_PLANE = 'argocd'

/**
 * Where the rule has an image committed: repository, branch and file, as the annotations and the source of the
 * Application say. Nothing is asked.
 *
 * @throws UserError naming what cannot be used: a target outside the repository, a branch that is none
 */
export function gitPlace(
  application: Application,
  rule: Pick<UpdateRule, 'targets' | 'writeBack'>,
  { alone = false, pullRequest }: PlaceWishes = {},
): GitPlace {
  const { gitBranch = '', gitRepository = '', target } = rule.writeBack
  const fields = applicationField(application)
  const source = chooseSource(application, rule.writeBack, rule.targets)
  const text = (name: string) => source.field.member(name).text()
  const { name, namespace = '' } = application.metadata
  const url = gitRepository || text('repoURL')
  const { base, write } = parseBranchSetting(gitBranch)
  const request = rule.writeBack.pullRequest ?? (pullRequest && { labels: [], service: pullRequest })
  if (base !== '') checkBranchName(base)
  if (write !== undefined) checkBranchTemplate(write)
  if (request && write !== undefined) checkOwnBranch(write, base)
  const revision = base === '' ? baseBranch(sourcesOf(fields), sourceOf(source.field), gitRepository) : ''
  if (text('chart') !== '' && base === '' && gitRepository === '') {
    throw new UserError(
      `the source is the chart ${text('chart')}, not a git repository to commit to`,
      'Name one with the annotation git-repository, and its branch with git-branch',
    )
  }
  const controlPlane = fields.member('status').member('controllerNamespace').text() || DEFAULT_CONTROL_PLANE
  const written = parseWriteBackTarget(target, targetPlace(application, source, controlPlane))
  return {
    base,
    // With other logins it is another push; a pull request is of one target alone.
    group: JSON.stringify([
      normalizeRepositoryUrl(url),
      base || revision,
      write ?? '',
      namespace,
      fields.member('spec').member('project').text(),
      rule.writeBack.written,
      ...(request ? [request.service, targetText(written)] : []),
      // A template may name the Application.
      ...(alone || write?.includes('{{') ? [name] : []),
    ]),
    revision,
    target: written,
    url,
    ...(request && { request }),
    ...(write !== undefined && { write }),
  }
}

function sourcesOf(application: ObjectField): Source[] {
  const spec = application.member('spec')
  const several = spec.member('sources').items()
  const fields = several.length > 0 ? several : [spec.member('source')]
  return [...fields, spec.member('sourceHydrator').member('drySource')].map(sourceOf)
}

function sourceOf(field: ObjectField): Source {
  return { repoURL: field.member('repoURL').text(), targetRevision: field.member('targetRevision').text() }
}

/** The repositories that an Application deploys from. @throws MalformedFieldError */
export function ownRepositories(application: Application): string[] {
  return sourcesOf(applicationField(application)).map(({ repoURL }) => repoURL)
}

function checkBranchTemplate(text: string): void {
  try {
    readBranchTemplate(text)
  } catch (error) {
    if (error instanceof UserError) throw new UserError(`git-branch: ${error.message}`, error.remedy)
    throw error
  }
}

/** Several targets on one branch would be in each other's pull request. */
function checkOwnBranch(write: string, base: string): void {
  if (write.includes('{{')) return
  throw new UserError(
    `git-branch ${JSON.stringify(`${base}:${write}`)} names one branch for all, and every target has a pull request of its own`,
    `Leave ":${write}" out, or make it a template such as "${base}:${write}-{{.AppName}}"`,
  )
}
