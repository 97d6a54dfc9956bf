import { createHash } from 'node:crypto'
import { UserError } from '../../errors.ts'
import { GoTemplate } from '../../gotemplate/template.ts'
import { GoStruct } from '../../gotemplate/value.ts'
import { SAMPLE } from './commit-template.ts'
import type { DescribedApplication } from './described-change.ts'
import { cleanLine } from './outside-text.ts'
import { cutBytes, legalBranchName } from './ref-name.ts'
import { tagOrDigest } from './version-text.ts'

export class BranchNameError extends UserError {}

/** Bytes of a branch name. */
const LONGEST = 255

/**
 * Reads a branch template and renders it once with sample data.
 *
 * @throws GoTemplateError with line and column; BranchNameError where no legal name comes of it
 */
export function readBranchTemplate(text: string): GoTemplate {
  const template = new GoTemplate(text)
  const [sample] = SAMPLE
  if (sample) branchName(template, sample, '0123abcd')
  return template
}

/**
 * The branch that the change of one Application is pushed to.
 *
 * @param targetKey of the place that is written to, see `writeBackTargetKey`
 * @throws GoTemplateError where the template fails; BranchNameError where no legal name comes of it
 */
export function branchName(template: GoTemplate, change: DescribedApplication, targetKey: string): string {
  const text = renderBranchTemplate(template, change, targetKey)
  const name = legalBranchName(text, LONGEST)
  if (name !== '') return name
  throw new BranchNameError(
    `"${cleanLine(text)}" is no name for a branch`,
    'Change the template in git-branch',
  )
}

/** The text of the template, cut at 255 bytes as argocd-image-updater does, before it is made a legal name. */
export function renderBranchTemplate(
  template: GoTemplate,
  change: DescribedApplication,
  targetKey: string,
): string {
  const { namespace, application, images } = change
  const data = new GoStruct('the branch', {
    Images: images.map(({ alias, before, after }) => {
      return new GoStruct('an image', {
        Name: cleanLine(after.repository),
        Alias: cleanLine(alias),
        OldTag: cleanLine(tagOrDigest(before)),
        NewTag: cleanLine(tagOrDigest(after)),
      })
    }),
    SHA256: changesHash(change),
    AppName: cleanLine(application),
    AppNamespace: cleanLine(namespace),
    TargetKey: targetKey,
  })
  return cutBytes(template.render(data).trim(), LONGEST)
}

/**
 * The branch of a pull request for those who have no template: one for each target, so that a newer version
 * changes the open request instead of opening another.
 */
export function defaultPullRequestBranch(targetKey: string): string {
  return `image-updater-${targetKey}`
}

/** SHA-256 of `name-old-new,` of every image, which names a set of changes as argocd-image-updater does. */
function changesHash({ images }: DescribedApplication): string {
  const changes = images.map(
    ({ before, after }) => `${after.repository}-${tagOrDigest(before)}-${tagOrDigest(after)},`,
  )
  return createHash('sha256').update(changes.join('')).digest('hex')
}
