import { describe, expect, it } from 'vitest'
import { chooseColour } from '../../../src/lib/terminal/colour.ts'
import { chooseLook } from '../../../src/lib/terminal/live/look.ts'
import { cutEnd, cutMiddle, displayWidth, pad } from '../../../src/lib/terminal/live/width.ts'

describe('chooseLook', () => {
  it.each<[string, Record<string, string>, NodeJS.Platform, string]>([
    ['a UTF-8 locale', { LANG: 'en_GB.UTF-8', TERM: 'xterm' }, 'linux', '▸'],
    ['its other spelling', { LC_CTYPE: 'de_DE.utf8' }, 'darwin', '▸'],
    ['no locale', {}, 'linux', '>'],
    ['another one that wins', { LANG: 'en_GB.UTF-8', LC_ALL: 'C' }, 'linux', '>'],
    ['one that is empty, and so not set', { LANG: 'en_GB.UTF-8', LC_ALL: '' }, 'linux', '▸'],
    ['the Linux console', { LANG: 'en_GB.UTF-8', TERM: 'linux' }, 'linux', '>'],
    ['Windows', {}, 'win32', '▸'],
  ])('with %s', (_name, environment, platform, selected) => {
    expect(chooseLook(chooseColour('never', {}, {}), environment, platform).glyphs.selected).toBe(selected)
  })

  it('spells what ASCII has not', () => {
    const { clean } = chooseLook(chooseColour('never', {}, {}), {}, 'linux')
    expect(clean('1.4.2 → 1.5.0 … größer 图\u001b')).toBe('1.4.2 -> 1.5.0 ... gr??er ?^[')
  })
})

describe('widths', () => {
  it.each<[string, number]>([
    ['abc', 3],
    ['größe', 5],
    ['e\u0301', 1],
    ['图像', 4],
    ['ｆｕｌｌ', 8],
    ['🚀', 2],
    ['◆ ✔ ✖ ◷ …', 9],
  ])('%s takes %i columns', (text, width) => {
    expect(displayWidth(text)).toBe(width)
  })

  it.each<[string, number, string, string]>([
    ['abcdef', 6, 'abcdef', 'abcdef'],
    ['abcdef', 5, 'abcd…', 'ab…ef'],
    ['abcdef', 1, '…', '…'],
    ['abcdef', 0, '', ''],
    ['图像图像', 6, '图像…', '图…像'],
    ['abcde\u0301', 4, 'abc…', 'ab…e\u0301'],
  ])('%s in %i columns is %s or %s', (text, limit, end, middle) => {
    expect(cutEnd(text, limit, '…')).toBe(end)
    expect(cutMiddle(text, limit, '…')).toBe(middle)
  })

  it('blanks fill the columns, not the characters', () => {
    expect(pad('图', 4)).toBe('图  ')
    expect(pad('图', 1)).toBe('图')
  })
})
