import { spawn } from 'node:child_process'
import { PROGRAM_WORDS } from '../program.ts'

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Where nothing can be made, by nobody: no program leaves anything behind. */
const NO_FOLDER = '/dev/null'
export const KEEPS_NOTHING = {
  HOME: '/nonexistent',
  XDG_CACHE_HOME: NO_FOLDER,
  XDG_STATE_HOME: NO_FOLDER,
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
      env: { ...KEEPS_NOTHING, PATH: '/nonexistent', ...env },
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
