import { describe, expect, it } from 'vitest'
import { readScreen, styleAfter } from '../../scripts/picture/painted-screen.ts'

const RED = '#ff7b72'

describe('a sequence of SGR parameters', () => {
  it.each([
    ['1', { bold: true }],
    ['2;4', { dim: true, underlined: true }],
    ['1;22', {}],
    ['4;24', {}],
    ['7;27', {}],
    ['31', { colour: RED }],
    ['41', { background: RED }],
    ['31;39', {}],
    ['41;49', {}],
    ['97', { colour: '#ffffff' }],
    ['107', { background: '#ffffff' }],
    ['38;5;1', { colour: RED }],
    ['38;5;16', { colour: '#000000' }],
    ['38;5;208', { colour: '#ff8700' }],
    ['48;5;255', { background: '#eeeeee' }],
    ['38;2;1;2;255', { colour: '#0102ff' }],
    ['38:5:1;1', { bold: true, colour: RED }],
    ['38', {}],
    ['5', {}],
    ['0;7', { inverse: true }],
    ['1;0', {}],
    ['', {}],
  ])('%j', (codes, style) => {
    expect(styleAfter({}, codes)).toEqual(style)
  })

  it('leaves what it says nothing of', () => {
    expect(styleAfter({ bold: true, colour: RED }, '4;39')).toEqual({ bold: true, underlined: true })
  })
})

describe('a screen', () => {
  it('becomes pieces, each with its place', () => {
    expect(readScreen('one \u001b[31mtwo\u001b[0m three')).toEqual([
      [
        { column: 0, style: {}, text: 'one ', width: 4 },
        { column: 4, style: { colour: RED }, text: 'two', width: 3 },
        { column: 7, style: {}, text: ' three', width: 6 },
      ],
    ])
  })

  it('keeps its style across the end of a line', () => {
    expect(readScreen('\u001b[1mone\ntwo\u001b[0m').map(([piece]) => piece?.style)).toEqual([
      { bold: true },
      { bold: true },
    ])
  })

  it('joins what looks the same, and leaves out blanks that nothing shows', () => {
    expect(readScreen('a\u001b[39mb  \u001b[1m  \u001b[0m')).toEqual([
      [{ column: 0, style: {}, text: 'ab', width: 2 }],
    ])
    expect(readScreen('\u001b[7ma  \u001b[0m  ')[0]).toEqual([
      { column: 0, style: { inverse: true }, text: 'a  ', width: 3 },
    ])
  })

  it('counts columns, not characters', () => {
    expect(readScreen('漢\u001b[1mx')[0]?.map(({ column, width }) => [column, width])).toEqual([
      [0, 2],
      [2, 1],
    ])
  })

  it('has empty lines between, and none after the last', () => {
    expect(readScreen('a\n\nb\n\n\n')).toHaveLength(3)
  })
})
