import { describe, expect, it } from 'vitest'
import { formatImageListEntry, parseImageListEntry } from '../../src/lib/image/image-list-entry.ts'
import { formatImageReference, ImageReferenceError } from '../../src/lib/image/reference.ts'

describe('parseImageListEntry', () => {
  it.each([
    ['nginx:1', '', 'nginx:1'],
    ['app=nginx:1', 'app', 'nginx:1'],
    [' web = nginx ', 'web', 'nginx'],
    [' =nginx', '', 'nginx'],
    ['my.dotted_alias-1=nginx', 'my.dotted_alias-1', 'nginx'],
    ['org/image=nginx', 'org/image', 'nginx'],
    ['ghcr.io:4567/org/image=nginx', 'ghcr.io:4567/org/image', 'nginx'],
    ['app=repo:>=1.0', 'app', 'repo:>=1.0'],
    ['app=repo:=1.0', 'app', 'repo:=1.0'],
  ])('splits %j', (text, alias, reference) => {
    const entry = parseImageListEntry(text)
    expect([entry.alias, formatImageReference(entry.image)]).toEqual([alias, reference])
  })

  it.each(['repo:>=1.0', 'repo:=1.0', 'repo:!=1.0', 'reg:5000/x:>=1.0 <2'])(
    'leaves the = of a constraint alone: %s',
    (text) => {
      const entry = parseImageListEntry(text)
      expect([entry.alias, formatImageReference(entry.image)]).toEqual(['', text])
    },
  )

  it.each([
    ['web=', 'names no image'],
    ['', 'names no image'],
    ['my app=nginx', '"my app" in the image-list entry "my app=nginx" is not an alias'],
    ['_x=nginx', 'is not an alias'],
    ['app=a//b', 'is not a repository name'],
  ])('refuses %j', (text, why) => {
    expect(() => parseImageListEntry(text)).toThrow(ImageReferenceError)
    expect(() => parseImageListEntry(text)).toThrow(why)
  })

  it.each(['app=ghcr.io/org/app:~1.2', 'nginx'])('writes %s back', (text) => {
    expect(formatImageListEntry(parseImageListEntry(text))).toBe(text)
  })
})
