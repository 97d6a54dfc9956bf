import { describe, expect, it } from 'vitest'
import { chooseColour } from '../../../src/lib/terminal/colour.ts'
import { renderDiff } from '../../../src/lib/terminal/diff.ts'
import { Page, type PageEnd } from '../../../src/lib/terminal/live/page.ts'
import { paintedLines } from '../../../src/lib/terminal/live/painted-text.ts'
import { COLOURED, keys, PLAIN, SMALL, shown } from './drawn.ts'

const LINES = Array.from({ length: 100 }, (_line, index) => `line ${index}`)

function press(page: Page, bytes: string): PageEnd | undefined {
  for (const key of keys(bytes)) {
    const end = page.press(key)
    if (end) return end
  }
  return undefined
}

function draw(page: Page, columns = 40, rows = 6): string[] {
  return shown(page.draw({ columns, rows }, PLAIN), { columns, rows })
}

describe('a page', () => {
  it('shows its lines below its title, and tells how to leave', () => {
    expect(draw(new Page('billing · app', ['Rule', 'Running']))).toEqual([
      ' billing · app',
      ' Rule',
      ' Running',
      '',
      '',
      ' Esc close  / search  n next',
    ])
  })

  it.each<[string, string, number]>([
    ['the arrows', '\u001b[B\u001b[B\u001b[A', 1],
    ['j and k', 'jjjk', 2],
    ['a screen down and up', '\u001b[6~\u001b[6~\u001b[5~', 4],
    ['a blank', ' ', 4],
    ['the end', 'G', 96],
    ['beyond the end and back', 'Gjjjk', 95],
    ['the beginning', 'Gg', 0],
    ['beyond the beginning', 'kkj', 1],
  ])('is scrolled by %s', (_name, bytes, first) => {
    const page = new Page('', LINES)
    draw(page)
    // Drawn after each key, as on a terminal.
    for (const key of keys(bytes)) {
      page.press(key)
      draw(page)
    }
    expect(draw(page)[1]).toBe(` line ${first}`)
    expect(draw(page)[5]).toMatch(new RegExp(` ${first + 4}/100$`))
  })

  it('finds text, the next one, the one before, and around the end', () => {
    const page = new Page('', LINES)
    draw(page)
    const found = () => draw(page).find((line) => line.startsWith('▸'))
    press(page, '/LINE 4')
    expect(draw(page)[5]).toMatch(/^ \/LINE 4/)
    press(page, '\r')
    expect(found()).toBe('▸line 4')
    press(page, 'n')
    expect(found()).toBe('▸line 40')
    press(page, 'NN')
    expect(found()).toBe('▸line 49')
    press(page, '/nowhere\r')
    expect(found()).toBeUndefined()
    expect(press(page, '/q\u001b')).toBeUndefined()
  })

  it('wraps long lines, also where no blank is, and loses nothing', () => {
    expect(
      draw(new Page('', ['one two three', 'a'.repeat(45), '图像'.repeat(6)]), 22, 8).slice(1, 7),
    ).toEqual([
      ' one two three',
      ` ${'a'.repeat(20)}`,
      ` ${'a'.repeat(20)}`,
      ` ${'a'.repeat(5)}`,
      ` ${'图像'.repeat(5)}`,
      ' 图像',
    ])
  })

  it('shows hostile text as what it is', () => {
    expect(draw(new Page('\u001b]0;x', ['\u001b[2J\u202e\r']))).toEqual(
      expect.arrayContaining([' ^[]0;x', ' ^[[2J\\u202e\\r']),
    )
  })

  it('takes the colours of the printers, and no other sequence', () => {
    const paint = chooseColour('always', {}, {})
    const fields = [{ after: 'org/web:1.5.0\u001b[1A', before: 'org/web:1.4.2', field: 'images[0]' }]
    const lines = paintedLines(renderDiff('application shop', fields, paint))
    const plain = [
      '   application shop',
      '     images[0]',
      ' -     org/web:1.4.2',
      ' +     org/web:1.5.0^[[1A',
    ]
    expect(draw(new Page('', lines)).slice(1, 5)).toEqual(plain)
    const coloured = new Page('', lines).draw(SMALL, COLOURED)
    expect(coloured.lines[4]).toContain('\u001b[32m+     org/web:1.5.0^[[1A\u001b[39m')
    expect(draw(new Page('', paintedLines('\u001b[2J\u001b[31mred\u001b[39m\u001b]0;x')))[1]).toBe(
      ' ^[[2Jred^[]0;x',
    )
  })

  it('can get other lines, and stays where it is as far as possible', () => {
    const page = new Page('', LINES)
    draw(page)
    press(page, 'G')
    page.setLines(LINES.slice(0, 50))
    expect(draw(page)[4]).toBe(' line 49')
  })

  it.each(['q', '\u001b'])('is closed by %j', (bytes) => {
    expect(press(new Page('', LINES), bytes)).toBe('closed')
  })
})

describe('a question', () => {
  const REFERENCE = 'registry.example.com/shop/web:1.5.0@sha256:41d8e0c3b7'
  const ask = () => new Page('Approve', LINES, `Apply ${REFERENCE} to shop in prod-eu?`)

  it('stands whole below the lines that it is about, which scroll', () => {
    const page = ask()
    expect(draw(page, 40, 8)).toEqual([
      ' Approve',
      ' line 0',
      ' line 1',
      '─'.repeat(40),
      ' Apply registry.example.com/shop/web:1.',
      ' 5.0@sha256:41d8e0c3b7 to shop in',
      ' prod-eu?',
      ' y yes  n no (default)  ↑↓ scroll 2/100',
    ])
    press(page, 'j')
    expect(draw(page, 40, 8)[1]).toBe(' line 1')
  })

  it.each<[string, PageEnd | undefined]>([
    ['y', 'yes'],
    ['Y', 'yes'],
    ['n', 'no'],
    ['q', 'no'],
    ['\r', 'no'],
    ['\u001b', 'no'],
    ['a', undefined],
    ['\u001b[200~y\r\u001b[201~', undefined],
  ])('%j answers %s', (bytes, end) => {
    const page = ask()
    draw(page, 80, 24)
    expect(press(page, bytes)).toBe(end)
  })

  it('takes no yes where it cannot be read whole', () => {
    const page = ask()
    expect(draw(page, 40, 4).at(-1)).toBe(' The window is too small for the questi…')
    expect(press(page, 'y')).toBeUndefined()
    expect(press(page, 'n')).toBe('no')
  })
})
