import { spawn } from 'node:child_process'
import { PROGRAM_WORDS } from '../program.ts'

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the built command line program with an environment of its own, no terminal and no input. */
export function runProgram(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  nodeOptions: readonly string[] = [],
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const [command, ...words] = PROGRAM_WORDS
    const child = spawn(command, [...nodeOptions, ...words, ...args], {
      env: { HOME: '/nonexistent', PATH: '/nonexistent', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, stderr, stdout }))
  })
}
