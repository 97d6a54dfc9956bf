import { readAddress } from './address.ts'
import type { Destination } from './destination.ts'
import type { DestinationFlag } from './destination-flag.ts'
import { openPoster } from './http-post.ts'
import { NotifyError } from './notify-error.ts'
import { openTemplate } from './open-template.ts'
import { notificationDocument } from './payload.ts'
import { readSource } from './read-source.ts'
import type { NotifySurroundings } from './surroundings.ts'

/**
 * A webhook that is posted one JSON document for each notification.
 *
 * @throws NotifyError when its URL, a header or the template does not work.
 */
export async function openWebhook(
  flag: DestinationFlag,
  surroundings: NotifySurroundings,
): Promise<Destination> {
  const address = readAddress(
    await readSource(flag.target, `--notify ${flag.kind}: its URL`, surroundings),
    flag,
  )
  const headers = await readHeaders(flag, surroundings)
  const template = await openTemplate(flag, jsonText, surroundings, checkJson)
  const poster = await openPoster(address, headers, surroundings)
  return {
    name: address.name,
    warning: address.warning,
    events: flag.events,
    largestBatch: 1,
    async deliver(batch, signal) {
      for (const fields of batch) {
        const body = template ? template.render(fields) : JSON.stringify(notificationDocument(fields))
        if (template) checkJson(body)
        await poster.post(body, signal)
      }
    },
    close: () => poster.close(),
  }
}

/** A value as it stands between the quotes of a JSON string. */
export function jsonText(value: string): string {
  return JSON.stringify(value).slice(1, -1)
}

function checkJson(body: string): void {
  try {
    JSON.parse(body)
  } catch {
    throw new NotifyError(
      'the template does not make JSON, which a webhook is sent',
      'Put each value in quotes, for example {"title": "{{ text }}"}',
    )
  }
}

async function readHeaders(
  flag: DestinationFlag,
  surroundings: NotifySurroundings,
): Promise<Record<string, string>> {
  const headers: Record<string, string> = {}
  for (const { name, value } of flag.headers) {
    const what = `--notify ${flag.kind}: the header ${name}`
    const text = await readSource(value, what, surroundings)
    // A line feed would begin a header of its own.
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(text)) {
      throw new NotifyError(`${what}: its value has characters that a header cannot have`)
    }
    headers[name] = text
  }
  return headers
}
