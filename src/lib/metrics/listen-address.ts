import { isIP, isIPv6 } from 'node:net'
import { UserError } from '../errors.ts'

/** Where to listen. */
export interface ListenAddress {
  /** An IP address or localhost; undefined for every address of this machine. */
  readonly host: string | undefined
  /** 0 for one that is free. */
  readonly port: number
}

/** An address at which nobody can listen. */
export class ListenAddressError extends UserError {}

/**
 * Reads `:8080`, `127.0.0.1:8080`, `localhost:8080` or `[::1]:8080`, as Go programs do.
 *
 * @param flag where it was written, for the message
 * @throws ListenAddressError
 */
export function parseListenAddress(flag: string, text: string): ListenAddress {
  const [, host, digits] = /^(\[[^[\]]*\]|[^:[\]]*):(\d{1,5})$/.exec(text) ?? []
  const port = Number(digits)
  const bare = host?.replace(/^\[|\]$/g, '') ?? ''
  const bracketed = host?.startsWith('[') === true
  const known = bracketed ? isIPv6(bare) : bare === '' || bare === 'localhost' || isIP(bare) === 4
  if (host === undefined || port > 65_535 || !known) {
    throw new ListenAddressError(
      `${flag} ${text} is no address to listen at`,
      'Write :8080 for all addresses, 127.0.0.1:8080 or [::1]:8080',
    )
  }
  return { host: bare === '' ? undefined : bare, port }
}

/** The address as it is written: `127.0.0.1:8080`, `[::]:8080`. */
export function listenAddressText({ host = '', port }: ListenAddress): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`
}
