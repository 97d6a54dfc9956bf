import { UserError } from '../errors.ts'
import type { WriteBack, WriteBackMethod } from './update-rule.ts'

export class WriteBackError extends UserError {}

const METHODS: Readonly<Record<string, WriteBackMethod>> = {
  argocd: 'application',
  application: 'application',
  restart: 'restart',
  git: 'git',
}

/** `git:repocreds`, `git:secret:<name>` or `git:secret:<namespace>/<name>`. */
const GIT_CREDENTIALS = /^git:(?:repocreds|secret:(?:[a-z0-9][a-z0-9.-]*\/)?[a-z0-9][a-z0-9.-]*)$/

/** `git:repocreds with a pull request on github`: what the rule wrote, for people. */
export function writeBackText({ method, pullRequest, written }: WriteBack): string {
  return method === 'git' && pullRequest
    ? `${written} with a pull request on ${pullRequest.service}`
    : written
}

/**
 * Reads a `write-back-method`; nothing means `argocd`, which writes the Application itself.
 *
 * @throws WriteBackError for a method that does not exist.
 */
export function parseWriteBackMethod(text: string): Pick<WriteBack, 'method' | 'written'> {
  const written = text.trim() || 'argocd'
  const method = Object.hasOwn(METHODS, written) ? METHODS[written] : undefined
  if (method !== undefined) return { method, written }
  if (GIT_CREDENTIALS.test(written)) return { method: 'git', written }
  throw new WriteBackError(
    `"${written}" is not a write-back method`,
    'Write argocd (or application), restart, git, git:repocreds or git:secret:<namespace>/<name>',
  )
}
