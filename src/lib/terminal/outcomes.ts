import type { DryRun } from '../cluster/client.ts'
import type { ApplyOutcome } from '../engine/apply-outcome.ts'
import type { ObjectWrite } from '../writeback/write.ts'
import { availableText, imageName, runningText } from './checked-images.ts'
import type { Paint } from './colour.ts'
import { errorText } from './error-line.ts'
import { printable } from './escape.ts'

/** `application.argoproj.io/shop`, as kubectl names an object in its messages. */
export function writeTitle(write: ObjectWrite): string {
  return `${write.kind}/${write.path.name ?? ''}`
}

/** What became of one image, in kubectl's manner: `application.argoproj.io/shop image web updated 1.4.2 → 1.5.0`. */
export function outcomeLines(outcome: ApplyOutcome, dryRun: DryRun, paint: Paint): string[] {
  const { image } = outcome
  const subject = `image ${imageName(image)} ${runningText(image) || '-'} → ${availableText(image) || '-'}`
  if (outcome.state === 'failed') {
    const { name } = image.application.metadata
    return [paint('red', printable(`error: ${name}: ${subject}: ${errorText(outcome.error)}`))]
  }
  if (outcome.state === 'unchanged') return [printable(`${subject}: ${outcome.reason}`)]
  const suffix = dryRunSuffix(dryRun)
  if (image.commit) {
    const { branch, id, request } = outcome.commit ?? { branch: '', id: '', request: '' }
    const where = id === '' ? image.commit.url : `${branch} of ${image.commit.url}, ${id.slice(0, 12)}`
    const asked = request === '' ? '' : `, ${request}`
    return [
      paint(
        'green',
        printable(`committed to ${where}: ${image.application.metadata.name} ${subject}${suffix}${asked}`),
      ),
    ]
  }
  const unrecorded = outcome.unrecorded
    ? [paint('yellow', printable(`Warning: not noted in its history: ${errorText(outcome.unrecorded)}`))]
    : []
  const written = image.writes.map((write) => {
    const verb = write.path.resource === 'applications' ? 'updated' : 'restarted'
    return paint('green', printable(`${writeTitle(write)} ${verb}: ${subject}${suffix}`))
  })
  return [...written, ...unrecorded]
}

/** What follows a message about a write that was only tried, in kubectl's words; '' for one that was made. */
export function dryRunSuffix(dryRun: DryRun): string {
  return dryRun === 'none' ? '' : ` (${dryRun === 'server' ? 'server ' : ''}dry run)`
}
