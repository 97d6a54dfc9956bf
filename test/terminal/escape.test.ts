import { describe, expect, it } from 'vitest'
import { UserError } from '../../src/lib/errors.ts'
import { errorLine } from '../../src/lib/terminal/error-line.ts'
import { printable, printableJson, printableLines } from '../../src/lib/terminal/escape.ts'

describe('printable', () => {
  it.each([
    ['plain text', 'registry.example.com/shop/web:1.4.2', 'registry.example.com/shop/web:1.4.2'],
    ['letters of any language', 'größe 日本語 – “x” → y', 'größe 日本語 – “x” → y'],
    ['a line feed', 'a\nb', 'a\\nb'],
    ['a carriage return, which overwrites the line', 'safe\rEVIL', 'safe\\rEVIL'],
    ['a tab', 'a\tb', 'a\\tb'],
    ['a colour', '\u001b[31mred', '^[[31mred'],
    ['a link', '\u001b]8;;http://evil\u0007x', '^[]8;;http://evil\\u0007x'],
    ['a window title', '\u001b]0;owned\u001b\\', '^[]0;owned^[\\'],
    ['the CSI of C1, which needs no escape character', '\u009b2J', '\\u009b2J'],
    ['NUL, backspace, delete', '\u0000\u0008\u007f', '\\u0000\\u0008\\u007f'],
    ['a right-to-left override', '\u202egnp.exe', '\\u202egnp.exe'],
    ['bidirectional isolates', '\u2066a\u2069', '\\u2066a\\u2069'],
    ['zero-width characters', 'pro\u200bduction\u200d\ufeff', 'pro\\u200bduction\\u200d\\ufeff'],
    ['a soft hyphen', 'pro\u00adduction', 'pro\\u00adduction'],
    ['line and paragraph separators', 'a\u2028b\u2029c', 'a\\u2028b\\u2029c'],
    ['fillers without a glyph', '\u115f\u3164\uffa0', '\\u115f\\u3164\\uffa0'],
    ['variation selectors', 'a\ufe0f', 'a\\ufe0f'],
    ['tag characters, which hide text', 'a\u{e0041}', 'a\\u{e0041}'],
    ['private use', '\ue000', '\\ue000'],
    ['half a surrogate pair', 'a\ud800b', 'a\\ud800b'],
    ['nothing', '', ''],
  ])('shows %s', (_name, text, shown) => {
    expect(printable(text)).toBe(shown)
  })

  it('leaves no control or format character, whichever it was', () => {
    const all = Array.from({ length: 0x3000 }, (_, code) => String.fromCharCode(code)).join('')
    expect(printable(all)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
  })
})

describe('printableLines', () => {
  it('keeps lines and columns, and nothing else that moves a cursor', () => {
    expect(printableLines('a\tb\nc\rd\u001b[2J\n')).toBe('a\tb\nc\\rd^[[2J\n')
  })
})

describe('printableJson', () => {
  it.each(['\u009b2J', '\u202egnp', '\u{e0041}', '\u007f', 'a\nb\tc', '\ud800', 'plain'])(
    'says the same: %j',
    (text) => {
      const json = printableJson(JSON.stringify({ [text]: [text] }, null, 2))
      expect(JSON.parse(json)).toEqual({ [text]: [text] })
      expect(json.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u)
    },
  )
})

describe('errorLine', () => {
  it('is one line: what happened, and what to do instead', () => {
    const error = new UserError('application "shop\u001b[2J\n" not found', 'Check the name')
    expect(errorLine(error)).toBe('error: application "shop^[[2J\\n" not found. Check the name')
  })

  it('suggests nothing where there is nothing to suggest', () => {
    expect(errorLine(new UserError('it broke'))).toBe('error: it broke')
    expect(errorLine(new TypeError('a bug'))).toBe('error: a bug')
  })
})
