import type { Application } from '../../../src/lib/application/application.ts'
import { type GitPlace, gitPlace } from '../../../src/lib/engine/git/git-place.ts'
import { targetText } from '../../../src/lib/engine/git/target-text.ts'
import { UserError } from '../../../src/lib/errors.ts'
import { parseGitCredentials } from '../../../src/lib/rules/git-credentials.ts'
import { type FieldProblem, ResourceField } from '../../../src/lib/rules/image-updater/resource-field.ts'
import {
  readWriteBackConfig,
  writeBackPlace,
} from '../../../src/lib/rules/image-updater/write-back-config.ts'
import type { WriteBack } from '../../../src/lib/rules/update-rule.ts'
import { parseWriteBackMethod } from '../../../src/lib/rules/write-back.ts'
import { BranchSettingError } from '../../../src/lib/writeback/git/branch-setting.ts'
import { pullRequestLabels } from '../../../src/lib/writeback/git/pull-request-labels.ts'
import { TargetError } from '../../../src/lib/writeback/git/targets/target-error.ts'

interface ConfigCase {
  readonly appNamespace: string
  readonly appName: string
  readonly repoURL: string
  readonly sourcePath: string
  readonly updaterNamespace: string
  readonly settings: object | null
}

/** The cases about `writeBackConfig` of an ImageUpdater, together with the Application it is for. */
export const areas: Record<string, (input: never) => unknown> = {
  'write-back-config': (input: ConfigCase) => {
    try {
      const writeBack = writeBackOf(input.settings)
      const place = gitPlace(applicationOf(input), { targets: {}, writeBack })
      const target = targetText(place.target)
      return writeBack.method === 'git'
        ? { method: 'git', target, ...gitAnswer(writeBack, place, input.appNamespace) }
        : { method: writeBack.written, target }
    } catch (error) {
      if (error instanceof UserError) return { error: true, reason: reasonOf(error) }
      throw error
    }
  },
}

function writeBackOf(settings: object | null): WriteBack {
  const faults: FieldProblem[] = []
  const config = readWriteBackConfig(new ResourceField(settings, 'writeBackConfig', { faults, remarks: [] }))
  const [fault] = faults
  if (fault) throw new UserError(fault.problem)
  return { ...parseWriteBackMethod(config.method?.text ?? ''), ...writeBackPlace(config) }
}

function gitAnswer({ pullRequest, written }: WriteBack, place: GitPlace, namespace: string): object {
  const credentials = parseGitCredentials(written, namespace)
  const labels = pullRequestLabels(pullRequest?.labels ?? [])
  return {
    creds: credentials.kind === 'secret' ? `secret:${credentials.name}` : credentials.kind,
    prLabels: labels.length > 0 ? labels : undefined,
    prProvider: pullRequest?.service,
    repo: place.url,
    baseBranch: place.base || undefined,
    writeBranch: place.write,
  }
}

function applicationOf({ appName, appNamespace, repoURL, sourcePath, updaterNamespace }: ConfigCase) {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: appName, namespace: appNamespace },
    spec: { source: { path: sourcePath, repoURL } },
    status: { controllerNamespace: updaterNamespace, sourceType: 'Helm' },
  } as unknown as Application
}

/** Where the product has an error of its own for it; the others are told apart by their words. */
function reasonOf(error: UserError): string | undefined {
  if (error instanceof TargetError) return error.code
  return error instanceof BranchSettingError ? 'bad-branch-format' : undefined
}
