/** Whether a live screen can be shown: both ends must be a terminal, and one that can do more than print lines. */
export function canShowLive(
  input: { readonly isTTY?: boolean },
  output: { readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  return input.isTTY === true && output.isTTY === true && environment['TERM'] !== 'dumb'
}
