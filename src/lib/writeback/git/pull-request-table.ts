import { repositoryName } from '../../image/reference.ts'
import { compareLink } from './compare-link.ts'
import type { DescribedApplication, DescribedImage } from './described-change.ts'
import { codeSpan } from './markdown.ts'

const DIGEST_DIGITS = 12

export const TABLE_HEAD = '| Image | From | To | Digest | Date | Changes |\n|---|---|---|---|---|---|'

/**
 * One row of Markdown for each different change, whoever gets it. Everything in them is code or a link that
 * this program made, so that no value can leave its cell.
 *
 * @param linkHosts the only hosts that are linked to; without it all are
 */
export function tableRows(
  applications: readonly DescribedApplication[],
  linkHosts?: readonly string[],
): readonly string[] {
  const rows = applications.flatMap(({ images }) => images.map((image) => row(image, linkHosts)))
  return [...new Set(rows)]
}

/** One line of Markdown for each Application: its name and the images that it gets. */
export function applicationLines(applications: readonly DescribedApplication[]): readonly string[] {
  return applications.map(({ namespace, application, images }) => {
    const names = [...new Set(images.map(({ after }) => codeSpan(repositoryName(after))))].join(', ')
    return `- ${codeSpan(`${namespace}/${application}`)}${names === '' ? '' : `: ${names}`}`
  })
}

function row(image: DescribedImage, linkHosts?: readonly string[]): string {
  const { before, after } = image
  const link = compareLink(image, linkHosts)
  const cells = [
    codeSpan(repositoryName(after)),
    codeSpan(before?.tag || shortDigest(before?.digest)),
    codeSpan(after.tag || shortDigest(after.digest)),
    codeSpan(digestChange(image)),
    dateText(image),
    link ? `[${link.text}](${link.url})` : '',
  ]
  return `| ${cells.join(' | ')} |`
}

function digestChange({ before, after }: DescribedImage): string {
  const digests = [before?.digest, after.digest].map(shortDigest).filter((digits) => digits !== '')
  return after.digest === '' ? '' : [...new Set(digests)].join(' → ')
}

function shortDigest(digest = ''): string {
  return digest.slice(digest.indexOf(':') + 1).slice(0, DIGEST_DIGITS)
}

/** The day it was pushed, which the registry knows; else the day of its build, which the image says. UTC. */
function dateText({ pushedAt, builtAt }: DescribedImage): string {
  const [date, what] = pushedAt ? [pushedAt, 'pushed'] : [builtAt, 'built']
  return date === undefined || Number.isNaN(date.getTime())
    ? ''
    : `${what} ${date.toISOString().slice(0, 10)}`
}
