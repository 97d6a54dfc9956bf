import { ObjectField } from '../application/object-field.ts'
import type { ApiAnswer } from './connection.ts'
import { cleanMessage, messageOf } from './provider-message.ts'
import { PullRequestError } from './pull-request-error.ts'

/** What was asked of whom, for messages. */
export interface Asked {
  /** `GitHub (ghe.example.com)` */
  readonly name: string
  /** `owner/name` */
  readonly repository: string
  /** `open a pull request` */
  readonly to: string
  readonly secrets: readonly string[]
}

/** The error that an answer with a status of 400 or more stands for. */
export function answerFailure({ status, text }: ApiAnswer, asked: Asked): PullRequestError {
  const said = cleanMessage(messageOf(new ObjectField('', parsed(text))), asked.secrets)
  const told = said === '' ? '' : `: ${said}`
  const { name, repository, to } = asked
  if (status === 401) {
    return new PullRequestError(
      'unauthorized',
      `${name} does not accept the token${told}`,
      'Check that it is right, has not expired, and belongs to this host',
    )
  }
  if (/\barchived\b/i.test(said) && [403, 409, 423].includes(status)) {
    return new PullRequestError(
      'archived',
      `${name}: ${repository} is archived, and takes no changes`,
      'Unarchive the repository, or point the Application at another one',
    )
  }
  if (status === 403) {
    return new PullRequestError(
      'forbidden',
      `${name}: the token may not ${to} in ${repository}${told}`,
      'Give the token the right to read and write pull requests of this repository',
    )
  }
  if (status === 404) {
    return new PullRequestError(
      'not-found',
      `${name}: cannot ${to} in ${repository}: not found, or hidden from the token${said === '' ? '' : ` (${said})`}`,
      'Check the URL of the repository and what the token may see',
    )
  }
  if (status >= 500) {
    return new PullRequestError(
      'unreachable',
      `${name} answered ${status}: cannot ${to} in ${repository}${told}`,
    )
  }
  return new PullRequestError(
    status === 409 ? 'conflict' : 'validation',
    `${name}: cannot ${to} in ${repository}${told === '' ? ` (HTTP ${status})` : told}`,
  )
}

/** The JSON of a body, undefined when it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
