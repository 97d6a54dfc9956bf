import type { Candidate } from './answer.ts'
import type { CommandLine } from './command-line.ts'

/** The flags that may still come, never with `=`: a value is completed after a blank just as well. */
export function flagCandidates({ command, flags }: CommandLine, text: string): Candidate[] {
  if (command === undefined) return [{ value: '--help', description: 'Show help' }]
  const open = Object.entries(command.flags).filter(([name, { multiple }]) => multiple || !flags.has(name))
  const found = open.flatMap(([name, { allowNo, char, description }]) => {
    const long = { value: `--${name}`, description }
    const negated = allowNo ? [{ value: `--no-${name}`, description: `Not: ${description ?? name}` }] : []
    const short = char && !text.startsWith('--') && char !== name ? [{ value: `-${char}`, description }] : []
    return [long, ...negated, ...short]
  })
  return [...found, { value: '--help', description: 'Show help for this command' }]
}
