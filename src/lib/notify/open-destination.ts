import type { Destination } from './destination.ts'
import { parseDestinationFlag } from './destination-flag.ts'
import type { NotifySurroundings } from './surroundings.ts'

/**
 * The destination that one `--notify` names, ready to be used; only what its kind needs is loaded.
 *
 * @throws NotifyError when the flag cannot be read, or what it names does not exist.
 */
export async function openDestination(flag: string, surroundings: NotifySurroundings): Promise<Destination> {
  const parsed = parseDestinationFlag(flag)
  switch (parsed.kind) {
    case 'slack': {
      const { openSlack } = await import('./slack-destination.ts')
      return openSlack(parsed, surroundings)
    }
    case 'webhook': {
      const { openWebhook } = await import('./webhook-destination.ts')
      return openWebhook(parsed, surroundings)
    }
    case 'command': {
      const { openCommand } = await import('./command-destination.ts')
      return openCommand(parsed, surroundings)
    }
  }
}
