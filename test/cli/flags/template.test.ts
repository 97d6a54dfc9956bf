import { expect, it } from 'vitest'
import { templateInOutput } from '../../../src/cli/flags/template.ts'

it.each([
  { args: ['--output=jsonpath', '--template={.a}'], read: ['--output=jsonpath={.a}'] },
  { args: ['--template={{.a}}', 'shop'], read: ['shop', '--output=go-template={{.a}}'] },
  { args: ['--output=', '--template={{.a}}'], read: ['--output=go-template={{.a}}'] },
  { args: ['--output=custom-columns', '--template=A:.a'], read: ['--output=custom-columns=A:.a'] },
  { args: ['--output=json', '--template={{.a}}'], read: ['--output=json'] },
  { args: ['--output=json', '--template='], read: ['--output=json'] },
  {
    args: ['--template={{.a}}', '--', '--template=x'],
    read: ['--output=go-template={{.a}}', '--', '--template=x'],
  },
  { args: ['shop', '--', '--template=x'], read: ['shop', '--', '--template=x'] },
])('$args is read as $read', ({ args, read }) => {
  expect(templateInOutput(args)).toEqual(read)
})

it('two templates are refused', () => {
  expect(() => templateInOutput(['--output=jsonpath={.a}', '--template={.b}'])).toThrow(
    '-o jsonpath=… and --template are two templates',
  )
})
