import { Parser } from '@oclif/core'
import { describe, expect, it } from 'vitest'
import { type FlagShape, likeKubectl } from '../../../src/cli/arguments.ts'
import { deployFlags } from '../../../src/cli/deploy/flags.ts'
import {
  ABOUT_DEPLOYING,
  flagArguments,
  passedOnFlags,
  USELESS_IN_A_POD,
} from '../../../src/cli/deploy/watch-flags.ts'
import { watchFlags } from '../../../src/cli/watch/flags.ts'

/** A value of each flag that is not its default. */
function exampleOf(name: string) {
  const flag = watchFlags[name as keyof typeof watchFlags]
  if (flag.type === 'boolean') return true
  const options = (flag as { options?: readonly string[] }).options
  const text =
    options?.find((option) => option !== flag.default) ?? (typeof flag.default === 'number' ? 7 : '17s')
  return flag.multiple ? [text, text] : text
}

async function parseAsWatch(words: readonly string[]) {
  const given = likeKubectl(words, watchFlags as unknown as Record<string, FlagShape>)
  return (await Parser.parse(given, { flags: watchFlags, strict: false })).flags
}

describe('each flag of watch', () => {
  it.each(Object.keys(watchFlags))('--%s is passed on, or there is a reason why not', async (name) => {
    if (name in USELESS_IN_A_POD) {
      const [why, instead] = USELESS_IN_A_POD[name as keyof typeof USELESS_IN_A_POD]
      expect({ why, instead }).toEqual({
        instead: expect.stringMatching(/./),
        why: expect.stringMatching(/./),
      })
      // Known all the same, so that the reason can be told.
      return expect(deployFlags).toHaveProperty(name, expect.objectContaining({ hidden: true }))
    }
    expect(Object.keys(deployFlags)).toContain(name)
    if (name in ABOUT_DEPLOYING) return expect(passedOnFlags).not.toHaveProperty(name)
    const value = exampleOf(name)
    expect(await parseAsWatch(flagArguments({ [name]: value }))).toHaveProperty(name, value)
  })

  it('that is not given is not passed on', () => {
    const defaults = Object.entries(passedOnFlags).map(([name, flag]) => [name, flag.default])
    expect(flagArguments(Object.fromEntries(defaults))).toEqual([])
  })
})
