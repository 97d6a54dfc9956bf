import { type Command, Parser } from '@oclif/core'
import { describe, expect, it } from 'vitest'
import { type FlagShape, likeKubectl } from '../../src/cli/arguments.ts'
import { usageErrorText } from '../../src/cli/usage-error.ts'
import Sandbox from '../../src/commands/sandbox.ts'
import Tags from '../../src/commands/tags.ts'
import Watch from '../../src/commands/watch.ts'

interface Case {
  readonly command: Command.Class
  readonly given: readonly string[]
  readonly says: string
}

describe('what the parser of arguments refuses, in one line', () => {
  it.each<Case>([
    { command: Tags, given: [], says: 'IMAGE is missing' },
    { command: Tags, given: ['nginx', 'redis'], says: 'Unexpected argument: redis' },
    { command: Tags, given: ['nginx', '--nope'], says: 'there is no flag --nope' },
    {
      command: Tags,
      given: ['nginx', '--limit=x'],
      says: '--limit: Expected an integer but received: x',
    },
    {
      command: Sandbox,
      given: ['--registry-port=99999'],
      says: '--registry-port: Expected an integer less than or equal to 65535 but received: 99999',
    },
    { command: Sandbox, given: ['--keep'], says: '--keep needs --demo' },
    { command: Watch, given: ['--interval'], says: 'Flag --interval expects a value' },
    {
      command: Watch,
      given: ['--approve=never'],
      says: 'Expected --approve=never to be one of: auto, patch, minor, ask',
    },
  ])('$command.name $given: $says', async ({ command, given, says }) => {
    const { args, flags, strict } = command
    const words = likeKubectl(given, flags as unknown as Record<string, FlagShape>)
    const error = await Parser.parse(words, { args, flags, strict }).catch((thrown: Error) => thrown)
    expect(usageErrorText(error as Error)).toBe(says)
  })
})
