import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { animatedPicture } from '../../scripts/picture/animated-picture.ts'
import { readScreen } from '../../scripts/picture/painted-screen.ts'

const frame = (captured: string, duration = 1_000) => ({ duration, lines: readScreen(captured) })
const options = { columns: 20, rows: 2, title: 'a <watch>' }

describe('an animated picture', () => {
  it('shows each frame for its share of the time', () => {
    const picture = animatedPicture([frame('one', 1_000), frame('two', 3_000)], options)
    expect(picture).toContain('@keyframes f0{0%{visibility:visible}25%{visibility:hidden}}')
    expect(picture).toContain(
      '@keyframes f1{0%{visibility:hidden}25%{visibility:visible}100%{visibility:hidden}}',
    )
    expect(picture).toContain('#f1{animation:f1 4000ms step-end infinite}')
  })

  it('stands still at one frame where nothing moves', () => {
    const picture = animatedPicture([frame('one'), frame('two')], options, 1)
    expect(picture).toContain('.f{visibility:hidden}#f1{visibility:visible}')
    expect(picture).toMatch(/@media \(prefers-reduced-motion:no-preference\)\{@keyframes/)
  })

  it('gives each word its place, and writes nothing where there is a gap', () => {
    const picture = animatedPicture([frame('ab cd   ef')], options)
    expect(picture).toContain('<text x="14" y="27" textLength="42">ab cd</text>')
    expect(picture).toContain('<text x="81.2" y="27" textLength="16.8">ef</text>')
  })

  it('paints the ground of inverse text', () => {
    const picture = animatedPicture([frame('\u001b[7;31mx\u001b[0m')], options)
    expect(picture).toContain('<rect x="14" y="14" width="8.4" height="18" fill="#ff7b72"/>')
    expect(picture).toContain('style="fill:#0d1117">x</text>')
  })

  it('escapes what the screen and the title say', () => {
    const picture = animatedPicture([frame('<&>')], options)
    expect(picture).toContain('>&lt;&amp;&gt;</text>')
    expect(picture).toContain('<title>a &lt;watch&gt;</title>')
  })
})

describe('the picture in the documents', () => {
  const picture = readFileSync(new URL('../../docs/pictures/watch.svg', import.meta.url), 'utf8')

  it('is light, and loads and runs nothing', () => {
    expect(picture.length).toBeLessThan(150_000)
    expect(picture).not.toMatch(/<script|<image|<foreignObject|@import|@font-face|url\(|href=| on\w+=/)
  })

  it('tells the story', () => {
    for (const text of ['approve?', 'Apply to shop', 'applied, Healthy', 'Every tag']) {
      expect(picture).toContain(text)
    }
  })
})
