import { describe, expect, it } from 'vitest'
import {
  formatPlatform,
  PlatformError,
  parsePlatform,
  platformMatches,
} from '../../src/lib/image/platform.ts'

describe('platforms', () => {
  it.each([
    ['linux/amd64', { os: 'linux', architecture: 'amd64', variant: '' }],
    [' linux/arm/v7 ', { os: 'linux', architecture: 'arm', variant: 'v7' }],
    ['linux/', { os: 'linux', architecture: '', variant: '' }],
  ])('reads %j', (text, platform) => {
    expect(parsePlatform(text)).toEqual(platform)
  })

  it.each(['linux', ''])('refuses %j', (text) => {
    expect(() => parsePlatform(text)).toThrow(PlatformError)
  })

  it.each(['linux/amd64', 'linux/arm64/v8'])('writes %s back', (text) => {
    expect(formatPlatform(parsePlatform(text))).toBe(text)
  })

  it.each([
    ['nothing in particular', [], 'linux/s390x', true],
    ['any variant', ['linux/arm'], 'linux/arm/v7', true],
    ['exactly this variant', ['linux/arm/v7'], 'linux/arm/v7', true],
    ['exactly this variant, not another', ['linux/arm/v7'], 'linux/arm/v6', false],
    ['exactly this variant, not none', ['linux/arm64/v8'], 'linux/arm64', false],
    ['one of several', ['linux/amd64', 'linux/arm64'], 'linux/arm64', true],
    ['case as written', ['Linux/AMD64'], 'linux/amd64', false],
    ['an impossible platform', ['linux/'], 'linux/amd64', false],
  ])('%s', (_, wanted, offered, matches) => {
    expect(platformMatches(wanted.map(parsePlatform), parsePlatform(offered))).toBe(matches)
  })
})
