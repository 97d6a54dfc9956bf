import { expect, it } from 'vitest'
import { chooseColour } from '../../src/lib/terminal/colour.ts'
import { renderCommit } from '../../src/lib/terminal/unified-diff.ts'

const plain = chooseColour('never', {}, {})
const DIFF = [
  'diff --git a/app/values.yaml b/app/values.yaml',
  'index 111111..222222 100644',
  '--- a/app/values.yaml',
  '+++ b/app/values.yaml',
  '@@ -1 +1 @@',
  '-tag: "1.0"',
  '+tag: "1.1"',
  '',
].join('\n')

it('a commit is its message, then what it changes', () => {
  expect(renderCommit({ diff: DIFF, message: 'build: update web\n\nImage: web\n' }, plain)).toBe(
    [
      '',
      '      build: update web',
      '',
      '      Image: web',
      '',
      '  --- a/app/values.yaml',
      '  +++ b/app/values.yaml',
      '  @@ -1 +1 @@',
      '  -tag: "1.0"',
      '  +tag: "1.1"',
      '',
    ].join('\n'),
  )
})

it('what others wrote into it cannot move the cursor', () => {
  const hostile = '\u001b[2J\u202e'
  const text = renderCommit({ diff: `+${hostile}\n`, message: hostile }, plain)
  expect(text).not.toMatch(/[\u001b\u202e]/)
})
