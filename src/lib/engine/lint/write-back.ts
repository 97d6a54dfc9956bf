import { liveImages } from '../../application/live-images.ts'
import { MalformedFieldError } from '../../application/object-field.ts'
import { runningImages } from '../../application/running-images.ts'
import { chooseSource } from '../../application/source-choice.ts'
import { UserError } from '../../errors.ts'
import { repositoryName } from '../../image/reference.ts'
import type { LintFinding } from '../../rules/lint/finding.ts'
import { gitPlace } from '../git/git-place.ts'
import type { ManagedImage } from '../managed-image.ts'
import { imageFinding, settingFinding } from './rule-finding.ts'

/**
 * Findings about how a change would be written.
 *
 * @param candidates how many tags the rule chooses from; undefined when the registry was not asked
 * @throws MalformedFieldError naming the field of the Application that has the wrong shape
 */
export function writeBackFindings(image: ManagedImage, candidates: number | undefined): LintFinding[] {
  const { application, rule } = image
  const { method } = rule.writeBack
  if (method === 'git') return gitFindings(image)
  const source = chooseSource(application, rule.writeBack, rule.targets)
  const place =
    method === 'restart'
      ? 'write-back-method restart changes no tag'
      : `nothing in ${source.field.path} can override an image (${source.sourceType || 'its type is not known yet'})`
  const fixed = method === 'restart' || source.sourceType === 'Directory'
  if (!fixed || !changesTags(rule.strategy, candidates)) return []
  return [
    imageFinding(rule, {
      severity: 'warning',
      code: 'cannot-change-tag',
      problem: `strategy ${rule.strategy} changes the tag, and ${place}: only a tag that moves in place can be followed`,
      remedy:
        'Deploy with Kustomize or Helm, or follow one tag with strategy digest or an image-tag-filter such as ^production$',
    }),
  ]
}

/** What keeps an image from being committed, as far as that can be told without asking the repository. */
function gitFindings({ application, rule }: ManagedImage): LintFinding[] {
  try {
    gitPlace(application, rule)
    return []
  } catch (error) {
    if (!(error instanceof UserError) || error instanceof MalformedFieldError) throw error
    const { message: problem, remedy } = error
    const { written } = rule.writeBack
    const told = { severity: 'error', code: 'git-write-back', problem, remedy } as const
    return [settingFinding({ ...rule, alias: '' }, 'write-back-method', written, told)]
  }
}

/** newest-build with a single candidate follows one tag that moves. */
function changesTags(strategy: ManagedImage['rule']['strategy'], candidates: number | undefined): boolean {
  if (strategy === 'newest-build') return candidates !== undefined && candidates > 1
  return strategy !== 'digest'
}

/** Whether the Application has the image at all, where Argo CD tells what it runs. @throws MalformedFieldError */
export function presenceFindings({ application, rule }: ManagedImage): LintFinding[] {
  if (rule.forceUpdate || liveImages(application).length === 0) return []
  if (runningImages(application, rule).found !== 'nowhere') return []
  return [
    imageFinding(rule, {
      severity: 'warning',
      code: 'image-not-in-application',
      problem: `${repositoryName(rule.image)} is neither in the spec nor among the images that run`,
      remedy: `Write an image that runs (${runningNames(application)}), or force-update: "true" to set it all the same`,
    }),
  ]
}

const NAMED = 3

function runningNames(application: ManagedImage['application']): string {
  const names = [...new Set(liveImages(application).map(repositoryName))]
  return names.slice(0, NAMED).join(', ') + (names.length > NAMED ? ', …' : '')
}
