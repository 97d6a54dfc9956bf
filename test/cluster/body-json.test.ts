import { expect, it } from 'vitest'
import { bodyJson } from '../../src/lib/cluster/body-json.ts'

it.each([
  ['>=1.0 <2.0', String.raw`"\u003e=1.0 \u003c2.0"`],
  ['a&b', String.raw`"a\u0026b"`],
  ['^(?P<version>.+)$', String.raw`"^(?P\u003cversion\u003e.+)$"`],
  ['\u2028\u2029', String.raw`"\u2028\u2029"`],
  ['"ä\\\n', String.raw`"\"ä\\\n"`],
])('%j is spelt as Go spells it, and means the same', (text, json) => {
  expect(bodyJson(text)).toBe(json)
  expect(JSON.parse(bodyJson({ [text]: [text] }))).toEqual({ [text]: [text] })
})
