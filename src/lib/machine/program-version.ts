import { spawn } from 'node:child_process'

/** Nobody's version is longer. */
const LONGEST = 4096

/**
 * What a program of the operator's PATH prints, for its version. It runs without a shell and without
 * standard input.
 *
 * @param timeout milliseconds
 * @returns its trimmed output; undefined when it is not there, fails or takes too long
 */
export function programOutput(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  timeout: number,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      env: { ...env },
      shell: false,
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout,
      windowsHide: true,
    })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(0, LONGEST)
    })
    child.once('error', () => resolve(undefined))
    child.once('close', (code) => resolve(code === 0 ? output.trim() : undefined))
  })
}
