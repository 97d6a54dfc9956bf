import { readAddress } from './address.ts'
import type { Destination } from './destination.ts'
import type { DestinationFlag } from './destination-flag.ts'
import { openPoster } from './http-post.ts'
import { openTemplate } from './open-template.ts'
import { readSource } from './read-source.ts'
import { slackMessage, slackTemplateMessage, slackText } from './slack-message.ts'
import type { NotifySurroundings } from './surroundings.ts'

/** Two blocks for each keep a message well below Slack's limit of 50. */
const LARGEST_BATCH = 20

/**
 * A Slack incoming webhook, or one that reads the same format.
 *
 * @throws NotifyError when its URL or template does not work.
 */
export async function openSlack(
  flag: DestinationFlag,
  surroundings: NotifySurroundings,
): Promise<Destination> {
  const address = readAddress(
    await readSource(flag.target, `--notify ${flag.kind}: its URL`, surroundings),
    flag,
  )
  const template = await openTemplate(flag, slackText, surroundings)
  const poster = await openPoster(address, {}, surroundings)
  return {
    name: address.name,
    warning: address.warning,
    events: flag.events,
    largestBatch: LARGEST_BATCH,
    async deliver(batch, signal) {
      const message = template
        ? slackTemplateMessage(batch.map((fields) => template.render(fields)))
        : slackMessage(batch)
      await poster.post(JSON.stringify(message), signal)
    },
    close: () => poster.close(),
  }
}
