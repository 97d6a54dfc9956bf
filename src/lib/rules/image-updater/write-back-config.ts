import type { PullRequestService } from '../pull-request-service.ts'
import type { WriteBack } from '../update-rule.ts'
import type { WrittenSetting } from '../written-settings.ts'
import type { ResourceField } from './resource-field.ts'

/** What one `writeBackConfig` says; absent fields are those that it leaves to the one above. */
export interface WriteBackConfig {
  readonly method?: WrittenSetting
  readonly repository?: string
  readonly branch?: string
  readonly target?: string
  /** As a whole: it is never mixed with the one above. */
  readonly pullRequest?: {
    readonly service: PullRequestService | ''
    readonly labels: readonly string[]
    readonly field: ResourceField
  }
}

/** The services that an ImageUpdater can name. */
export const RESOURCE_SERVICES = ['github', 'gitlab'] as const

export function readWriteBackConfig(field: ResourceField): WriteBackConfig {
  const parts = field.members(['method', 'gitConfig'])
  const git = parts?.gitConfig.members(['repository', 'branch', 'writeBackTarget', 'pullRequest'])
  const method = parts?.method.text()?.trim()
  const repository = git?.repository.text()?.trim()
  const branch = git?.branch.text()?.trim()
  const target = git?.writeBackTarget.text()?.trim()
  const pullRequest = git?.pullRequest.absent ? undefined : git?.pullRequest
  return {
    ...(parts && method !== undefined && { method: { key: parts.method.path, text: method } }),
    ...(repository !== undefined && { repository }),
    ...(branch !== undefined && { branch }),
    ...(target !== undefined && { target }),
    ...(pullRequest && { pullRequest: { ...readPullRequest(pullRequest), field: pullRequest } }),
  }
}

/** Field by field, later ones over earlier ones. */
export function mergeWriteBackConfigs(configs: readonly WriteBackConfig[]): WriteBackConfig {
  return Object.assign({}, ...configs)
}

/** Where git write-back goes, as rules have it. */
export function writeBackPlace(config: WriteBackConfig): Omit<WriteBack, 'method' | 'written'> {
  const { target, branch, pullRequest, repository } = config
  return {
    ...(target && { target }),
    ...(branch && { gitBranch: branch }),
    ...(repository && { gitRepository: repository }),
    ...(pullRequest &&
      pullRequest.service !== '' && {
        pullRequest: { labels: pullRequest.labels, service: pullRequest.service },
      }),
  }
}

function readPullRequest(field: ResourceField): {
  readonly service: PullRequestService | ''
  readonly labels: readonly string[]
} {
  const parts = field.members([...RESOURCE_SERVICES, 'labels'])
  if (parts === undefined) return { labels: [], service: '' }
  const labels = parts.labels.texts() ?? []
  const named = RESOURCE_SERVICES.filter((service) => parts[service].members([]) !== undefined)
  const [service, ...more] = named
  if (service !== undefined && more.length === 0) return { labels, service }
  field.fault(
    named.length === 0
      ? 'it names no service for the pull request'
      : 'it names two services for one pull request',
    `Write either ${RESOURCE_SERVICES.join(' or ')}`,
  )
  return { labels, service: '' }
}
