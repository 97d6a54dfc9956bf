import type { DestinationFlag } from './destination-flag.ts'
import { NotifyError } from './notify-error.ts'

/** Where messages are posted. */
export interface Address {
  readonly url: URL
  /** `slack (hooks.slack.com)`, all that is ever shown of it. */
  readonly name: string
  /** What the operator should know about it, '' for nothing. */
  readonly warning: string
}

/**
 * Reads the URL of a webhook: https, or http to this machine. Plain http elsewhere is accepted with a
 * warning, unless it would carry a secret: a Slack webhook's URL is one, and so are headers from elsewhere.
 *
 * @throws NotifyError that shows nothing of the URL besides its host.
 */
export function readAddress(text: string, flag: DestinationFlag): Address {
  const { kind } = flag
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new NotifyError(`--notify ${kind}: its URL cannot be read`, 'It begins with https://')
  }
  const name = `${kind} (${url.host})`
  if (url.username !== '' || url.password !== '') {
    throw new NotifyError(
      `--notify ${name}: its URL carries a user or password`,
      'Give them to a webhook with header-env=Authorization:VARIABLE',
    )
  }
  url.hash = ''
  const local = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)
  const plain = url.protocol === 'http:' && !local
  if (plain && (kind === 'slack' || flag.headers.length > 0)) {
    throw new NotifyError(`--notify ${name}: a secret would be sent over plain http`, 'Use https://')
  }
  if (plain)
    return { url, name, warning: `${name} is told over plain http, which anybody on the way can read` }
  const exposed = kind === 'slack' && flag.target.from === 'flag' && !local
  return {
    url,
    name,
    warning: exposed
      ? `the URL of ${name} is a secret, and every user of this machine can read it in the list of processes; use url-env= or url-file=`
      : '',
  }
}
