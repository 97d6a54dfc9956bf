import type { DestinationFlag } from './destination-flag.ts'
import type { NotificationEvent } from './notification.ts'
import { notificationFields } from './notification-fields.ts'
import { NotifyError } from './notify-error.ts'
import { readSource } from './read-source.ts'
import { sampleNotification } from './sample-notification.ts'
import type { NotifySurroundings } from './surroundings.ts'
import type { Template } from './template.ts'

/**
 * The template of a destination, tried once with each event it is for, so that a mistake is told at the start.
 *
 * @param check looks at each result; throws NotifyError for one that cannot be used
 * @returns undefined when the flag has none.
 * @throws NotifyError that names the flag.
 */
export async function openTemplate(
  flag: DestinationFlag,
  escapeValue: (value: string) => string,
  surroundings: NotifySurroundings,
  check: (result: string) => void = () => undefined,
): Promise<Template | undefined> {
  if (flag.template === undefined) return undefined
  const text = await readSource(flag.template, `--notify ${flag.kind}: its template`, surroundings)
  const { compileTemplate } = await import('./template.ts')
  try {
    const template = compileTemplate(text, escapeValue)
    const tried = (event: NotificationEvent) =>
      template.render(notificationFields(sampleNotification(event, new Date(0))))
    for (const event of flag.events) check(tried(event))
    return template
  } catch (error) {
    if (!(error instanceof NotifyError)) throw error
    throw new NotifyError(`--notify ${flag.kind}: ${error.message}`, error.remedy)
  }
}
