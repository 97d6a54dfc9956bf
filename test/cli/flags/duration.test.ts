import { describe, expect, it } from 'vitest'
import { durationFlag } from '../../../src/cli/flags/duration.ts'

describe('a flag that is a duration', () => {
  it.each([
    ['30s', 30_000],
    ['1m30s', 90_000],
    ['0', 0],
    ['576h', 2_073_600_000],
  ])('%s is %d ms', (text, milliseconds) => {
    expect(durationFlag('--interval', text)).toBe(milliseconds)
  })

  it.each(['', '30', 'soon', '1d'])('"%s" is refused by the name of the flag', (text) => {
    expect(() => durationFlag('--interval', text)).toThrow(`--interval: "${text}" is not a duration`)
  })

  it.each(['-5m', '577h', '100000h'])('%s would overflow a timer, or never wait', (text) => {
    expect(() => durationFlag('--interval', text)).toThrow(`--interval: "${text}" is out of range`)
  })
})
