import type { Application } from '../../application/application.ts'
import { UserError } from '../../errors.ts'
import type { CommitSettings } from '../../git/commit.ts'
import { type ChangeOptions, type ChangeResult, commitAndPush, type Edit } from '../../git/commit-and-push.ts'
import type { FoundGitAccess } from '../../git/credentials/git-access.ts'
import type { WorkTree } from '../../git/work-tree.ts'
import type { GoTemplate } from '../../gotemplate/template.ts'
import { formatImageReference } from '../../image/reference.ts'
import type { RegistryAccess } from '../../registry/registry.ts'
import type { UpdateRule } from '../../rules/update-rule.ts'
import { branchName, defaultPullRequestBranch, readBranchTemplate } from '../../writeback/git/branch-name.ts'
import { commitMessage } from '../../writeback/git/commit-message.ts'
import { writeBackTargetKey } from '../../writeback/git/target-key.ts'
import { editTarget } from '../../writeback/git/targets/edit-target.ts'
import type { TargetFiles } from '../../writeback/git/targets/target-files.ts'
import type { UpdatableImage } from '../checked-image.ts'
import type { GitAccessFinder } from '../git-access.ts'
import { changesOf, describedUpdates, labelledUpdates } from './described-updates.ts'
import type { GitPlace } from './git-place.ts'
import { checkRequest, publishRequest, type RequestOptions } from './publish-request.ts'
import { targetText } from './target-text.ts'
import { waitingFor } from './waiting-for.ts'

export interface GitWriteBackOptions {
  readonly access: GitAccessFinder
  /** Finds git when it is needed first. @throws GitError where there is none */
  readonly change: () => Promise<ChangeOptions>
  readonly commit: CommitSettings
  /** The operator's own text for commits; absent: one that names what changes. */
  readonly template?: GoTemplate
  readonly requests: RequestOptions
  /** Where an image's labels are read, for links in pull requests. */
  readonly registryFor: (rule: UpdateRule) => RegistryAccess
  readonly warn: (text: string) => void
}

/** By which commits of this program are known. */
const OWN_TRAILER = /^Application: \S+$/m

/** What would be committed. */
export interface CommitPreview {
  /** Unified; '' where the files say so already. */
  readonly diff: string
  /** '' where nothing would be committed. */
  readonly message: string
  /** Applications whose files cannot be edited: they are not in it. */
  readonly failures: ReadonlyMap<Application, UserError>
}

/** What became of updates that were to be committed. */
export interface CommitResult {
  /** '' where the files said so already. */
  readonly commit: string
  readonly branch: string
  /** Whether that is the branch that is deployed, and not one that somebody has to merge. */
  readonly deployed: boolean
  /** Paths of the files that changed. */
  readonly files: readonly string[]
  /** Applications whose files could not be edited: they are not in the commit. */
  readonly failures: ReadonlyMap<Application, UserError>
  /** URL of the pull request; '' where there is none. */
  readonly request: string
}

/** Commits images: one clone, one commit and one push for all updates of a repository and branch. */
export class GitWriteBack {
  readonly #options: GitWriteBackOptions
  /** By image key: the target that is in git already, and what it waits for. */
  readonly #committed = new Map<string, { readonly target: string; readonly reason: string }>()

  constructor(options: GitWriteBackOptions) {
    this.#options = options
  }

  /** What would be committed. @throws UserError */
  async preview(images: readonly UpdatableImage[]): Promise<CommitPreview> {
    const { failures, result } = await this.#change(images, true)
    return { diff: result.diff ?? '', failures, message: result.message ?? '' }
  }

  /**
   * Commits updates of one repository and branch, and pushes.
   *
   * @throws UserError; nothing was pushed then, or the branch was and its pull request could not be made: that is
   * made up for when the same is committed again
   */
  async commit(images: readonly UpdatableImage[]): Promise<CommitResult> {
    const { access, failures, key, result } = await this.#change(images, false)
    const { ahead, base, branch, commit = '', files } = result
    const edited = images.filter(({ application }) => !failures.has(application))
    const { request: service, url = '' } = images[0]?.commit ?? {}
    let request = ''
    if (service && ahead && edited.length > 0) {
      const published = await publishRequest(
        {
          access,
          applications: await labelledUpdates(edited, this.#options.registryFor),
          base,
          head: branch,
          labels: service.labels,
          service: service.service,
          targetKey: key,
          template: this.#options.template,
          url,
        },
        this.#options.requests,
      )
      for (const note of published.notes) this.#options.warn(note)
      request = published.url
    }
    for (const { application, decision, key } of images) {
      if (failures.has(application)) continue
      this.#committed.set(key, {
        reason: waitingFor({ branch, commit, deployed: !ahead, request }),
        target: formatImageReference(decision.target),
      })
    }
    return { branch, commit, deployed: !ahead, failures, files, request }
  }

  /**
   * That the target of an image is in git already, as far as this process knows, so that nothing is pushed
   * again while Argo CD has yet to sync; '' where it is not.
   */
  waitsForSync(key: string, target: string): string {
    const known = this.#committed.get(key)
    return known?.target === target ? known.reason : ''
  }

  newCycle(): void {
    this.#options.access.newCycle()
  }

  async #change(
    images: readonly UpdatableImage[],
    dryRun: boolean,
  ): Promise<{
    access: FoundGitAccess
    failures: ReadonlyMap<Application, UserError>
    key: string
    result: ChangeResult
  }> {
    const [first] = images
    if (!first?.commit) throw new Error('an update that is not to be committed')
    const { commit: place, application, rule } = first
    const access = await this.#options.access.find(rule.writeBack, application, place.url)
    // Before anything is pushed that would then be left without a pull request.
    if (place.request)
      checkRequest({ access, service: place.request.service, url: place.url }, this.#options.requests)
    const key = writeBackTargetKey({
      branch: place.base || place.revision,
      repository: place.url,
      target: targetText(place.target),
    })
    const write = this.#writeBranch(place, images, key)
    const failures = new Map<Application, UserError>()
    const result = await commitAndPush(
      {
        access,
        commit: this.#options.commit,
        dryRun,
        edit: (tree) => this.#edit(tree, images, failures),
        targetRevision: place.revision,
        url: place.url,
        ...(place.base !== '' && { base: place.base }),
        ...(write !== undefined && {
          write: { branch: write, isOwn: ({ message }) => OWN_TRAILER.test(message) },
        }),
      },
      await this.#options.change(),
    )
    return { access, failures, key, result }
  }

  #writeBranch(place: GitPlace, images: readonly UpdatableImage[], key: string): string | undefined {
    const [described] = describedUpdates(images)
    if (!described) return undefined
    if (place.write === undefined) {
      return place.request ? defaultPullRequestBranch(key) : undefined
    }
    try {
      return branchName(readBranchTemplate(place.write), described, key)
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      throw new UserError(`${described.application}: git-branch: ${error.message}`, error.remedy)
    }
  }

  /** One Application whose file cannot be edited keeps no other from its commit. */
  async #edit(
    tree: WorkTree,
    images: readonly UpdatableImage[],
    failures: Map<Application, UserError>,
  ): Promise<Edit> {
    const files = filesOf(tree)
    failures.clear()
    let changed = false
    const groups = [...Map.groupBy(images, ({ application }) => application).values()]
    for (const own of groups) {
      const [first] = own
      const [change] = changesOf(own)
      if (!first?.commit || !change) continue
      try {
        for (const { after, path } of await editTarget(first.commit.target, change, files)) {
          await tree.write(path, after)
          changed = true
        }
      } catch (error) {
        if (!(error instanceof UserError)) throw error
        failures.set(first.application, error)
      }
    }
    if (!changed) return 'nothing'
    const edited = images.filter(({ application }) => !failures.has(application))
    const { registryFor, template } = this.#options
    // Only a template can speak of labels, which have to be asked for.
    const described = template ? await labelledUpdates(edited, registryFor) : describedUpdates(edited)
    const message = commitMessage(described, template)
    if (message.problem) this.#options.warn(message.problem.message)
    return { message: message.text }
  }
}

/** The tree as the editors of targets see it; links and submodules are no files. */
function filesOf(tree: WorkTree): TargetFiles {
  const list = async (folder: string): Promise<string[]> => {
    const place = folder === '.' ? '' : folder
    const entries = await tree.list(place)
    const lists = await Promise.all(
      entries.map(async ({ kind, name }) => {
        const path = place === '' ? name : `${place}/${name}`
        if (kind === 'folder') return list(path)
        return kind === 'file' ? [path] : []
      }),
    )
    return lists.flat()
  }
  return { list, read: (path) => tree.read(path) }
}
