import { UserError } from '../../lib/errors.ts'

const PAIR = /^([a-z0-9.-]+(?::\d{1,5})?)=([A-Za-z_][A-Za-z0-9_]*)$/i

/**
 * Tokens for the APIs of services, out of the environment.
 *
 * @param pairs `HOST=NAME` each: which host gets the value of which variable
 * @returns by host, lower case
 * @throws UserError for what is no such pair, and for a variable that is not set
 */
export function serviceTokens(
  pairs: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ReadonlyMap<string, string> {
  return new Map(
    pairs.map((pair) => {
      const [, host = '', name = ''] = PAIR.exec(pair) ?? []
      if (host === '') {
        throw new UserError(
          `--pull-request-token-env "${pair}" does not say which host gets which variable`,
          'Write the host of the service and the name of a variable: github.com=GITHUB_TOKEN',
        )
      }
      const token = env[name]
      if (token) return [host.toLowerCase(), token]
      throw new UserError(
        `the environment variable ${name} is not set`,
        'Export a token of the service in it, or leave --pull-request-token-env out',
      )
    }),
  )
}
