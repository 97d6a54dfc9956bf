import { UserError } from '../errors.ts'
import { printable } from './escape.ts'

export class CannotAskError extends UserError {}

/** Whether a person can be asked: both ends of the conversation must be a terminal. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true
}

/**
 * Asks a yes-or-no question on stderr; no is the default.
 *
 * @param signal takes the question back
 * @throws CannotAskError when there is no terminal to ask on
 */
export async function confirm(question: string, signal?: AbortSignal): Promise<boolean> {
  if (!canAsk()) {
    throw new CannotAskError('there is no terminal to ask on', 'Add --yes to apply without a question')
  }
  const { confirm: ask } = await import('@inquirer/prompts')
  return ask(
    { default: false, message: printable(question) },
    { output: process.stderr, ...(signal && { signal }) },
  )
}
