import { GoTemplate } from '../../../src/lib/gotemplate/template.ts'
import { GoTemplateError } from '../../../src/lib/gotemplate/template-error.ts'
import { parseImageReference, withTag } from '../../../src/lib/image/reference.ts'
import { baseBranch } from '../../../src/lib/writeback/git/base-branch.ts'
import { renderBranchTemplate } from '../../../src/lib/writeback/git/branch-name.ts'
import { commitHashKind } from '../../../src/lib/writeback/git/commit-hash.ts'
import { writtenMessage } from '../../../src/lib/writeback/git/commit-message.ts'
import { CommitMethodError, parseCommitMethod } from '../../../src/lib/writeback/git/commit-method.ts'
import type { DescribedApplication } from '../../../src/lib/writeback/git/described-change.ts'
import { labelsOf } from '../../../src/lib/writeback/git/image-labels.ts'
import { messageData } from '../../../src/lib/writeback/git/message-data.ts'
import { cleanLine } from '../../../src/lib/writeback/git/outside-text.ts'
import { pullRequestLabels } from '../../../src/lib/writeback/git/pull-request-labels.ts'
import { pullRequestTextOf } from '../../../src/lib/writeback/git/pull-request-text.ts'
import { splitCommitMessage } from '../../../src/lib/writeback/git/split-message.ts'
import { writeBackTargetKey } from '../../../src/lib/writeback/git/target-key.ts'

interface ChangeCase {
  readonly image: string
  readonly alias?: string
  readonly oldTag: string
  readonly newTag: string
  readonly oldDigest?: string
  readonly newDigest?: string
  readonly labels?: Record<string, string>
}

interface TextCase {
  readonly template: string
  readonly appName?: string
  readonly appNamespace?: string
  readonly changes: readonly ChangeCase[]
}

interface PullRequestCase {
  readonly appNamespace: string
  readonly appName: string
  readonly baseBranch: string
  readonly headBranch: string
  readonly commitMessage: string
  readonly labels?: readonly string[]
}

interface TargetCase {
  readonly repo: string
  readonly branch: string
  readonly target?: string
  readonly kustomizeBase?: string
}

interface SourceCase {
  readonly repoURL: string
  readonly targetRevision?: string
}

interface BranchCase {
  readonly app: { readonly source?: SourceCase; readonly sources?: readonly SourceCase[] }
  readonly writeBack: { readonly gitRepo?: string }
}

/** The cases of each area about the texts of git write-back: each adapter only translates shapes. */
export const areas: Record<string, (input: never) => unknown> = {
  'commit-message': (input: TextCase) => {
    const template = new GoTemplate(input.template)
    const { text, problem } = writtenMessage([changeOf(input)], template, cleanLine)
    // The cases keep the space around the text, which a message loses.
    return problem ? text : template.render(messageData([changeOf(input)], cleanLine))
  },
  'github-commit-message-split': (input: string) => splitCommitMessage(input),
  'branch-name': (input: TextCase) => {
    try {
      return renderBranchTemplate(new GoTemplate(input.template), changeOf(input), '')
    } catch (error) {
      // The original goes on without a name; here the mistake is reported.
      if (error instanceof GoTemplateError) return ''
      throw error
    }
  },
  'write-back-branch': ({ app, writeBack }: BranchCase) => {
    const sources = app.sources ?? (app.source ? [app.source] : [])
    return baseBranch(sources, sources[0], writeBack.gitRepo)
  },
  'write-back-target-key': ({ repo, branch, target, kustomizeBase }: TargetCase) => {
    return writeBackTargetKey({ repository: repo, branch, target: kustomizeBase ?? target ?? '' })
  },
  'git-commit-sha': (input: string) => commitHashKind(input),
  'git-commit-method-valid': (input: string) => {
    try {
      return parseCommitMethod(input) !== undefined
    } catch (error) {
      if (error instanceof CommitMethodError) return false
      throw error
    }
  },
  'pull-request': (input: PullRequestCase) => {
    const application = { namespace: input.appNamespace, application: input.appName, images: [] }
    return {
      base: input.baseBranch,
      head: input.headBranch,
      ...pullRequestTextOf([application], input.commitMessage),
      ...(input.labels && { labels: pullRequestLabels(input.labels) }),
    }
  },
  'pr-labels': (input: readonly string[]) => pullRequestLabels(input),
}

function changeOf({ appNamespace = '', appName = '', changes }: TextCase): DescribedApplication {
  return {
    namespace: appNamespace,
    application: appName,
    images: changes.map(({ image, alias = '', oldTag, newTag, oldDigest, newDigest, labels }) => {
      const name = parseImageReference(image)
      return {
        alias,
        before: withTag(name, oldTag, oldDigest),
        after: withTag(name, newTag, newDigest),
        labels: labelsOf(labels),
      }
    }),
  }
}
