import { describe, expect, it } from 'vitest'
import {
  canonicalRepository,
  formatImageReference,
  ImageReferenceError,
  parseImageReference,
  sameRepository,
  tagWithDigest,
  withTag,
} from '../../src/lib/image/reference.ts'

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`

describe('parseImageReference', () => {
  it.each([
    ['nginx', '', 'nginx', '', ''],
    ['nginx:1.25', '', 'nginx', '1.25', ''],
    ['org/app', '', 'org/app', '', ''],
    ['foo.bar', '', 'foo.bar', '', ''],
    ['foo.bar/baz', 'foo.bar', 'baz', '', ''],
    ['localhost/app:1', 'localhost', 'app', '1', ''],
    ['localhost:5000/app:1', 'localhost:5000', 'app', '1', ''],
    ['registry:5000/a/b', 'registry:5000', 'a/b', '', ''],
    [`ghcr.io/org/app:main@${DIGEST}`, 'ghcr.io', 'org/app', 'main', DIGEST],
    [`ghcr.io/org/app@${DIGEST}`, 'ghcr.io', 'org/app', '', DIGEST],
    ['  ghcr.io/org/app:1  ', 'ghcr.io', 'org/app', '1', ''],
    ['Org/App:1', '', 'Org/App', '1', ''],
  ])('reads %s', (text, registry, repository, tag, digest) => {
    expect(parseImageReference(text)).toEqual({ registry, repository, tag, digest })
  })

  it.each([
    ['repo:^1.0', '', 'repo', '^1.0'],
    ['repo:>=1.0 <2.0', '', 'repo', '>=1.0 <2.0'],
    ['repo:!=1.3', '', 'repo', '!=1.3'],
    ['reg.example.com:5000/x:~1.2 || 2.x', 'reg.example.com:5000', 'x', '~1.2 || 2.x'],
    ['localhost:5000/x:^1.0', 'localhost:5000', 'x', '^1.0'],
    ['repo: >=1.0', '', 'repo', '>=1.0'],
  ])('keeps the version constraint of %s', (text, registry, repository, tag) => {
    expect(parseImageReference(text)).toEqual({ registry, repository, tag, digest: '' })
  })

  it.each([
    ['index.docker.io/library/nginx', '', 'nginx'],
    ['docker.io/library/nginx', 'docker.io', 'nginx'],
    ['docker.io/org/app', 'docker.io', 'org/app'],
    ['library/nginx', '', 'library/nginx'],
    ['harbor.example.com/library/app', 'harbor.example.com', 'library/app'],
    ['registry-1.docker.io/library/nginx', 'registry-1.docker.io', 'library/nginx'],
  ])('spells Docker Hub as upstream does: %s', (text, registry, repository) => {
    expect(parseImageReference(text)).toMatchObject({ registry, repository })
  })

  it.each([
    ['', 'it names no repository'],
    ['   ', 'it names no repository'],
    [':1.0', 'it names no repository'],
    ['<2.0', '"<2.0" is not a repository name'],
    ['ghcr.io/', 'it names no repository'],
    ['a//b', '"a//b" is not a repository name'],
    ['-x/y', '"-x/y" is not a repository name'],
    ['ghcr.io/org/app@sha256', '"sha256" is not a digest'],
    ['bad_host.example/app', '"bad_host.example" is not a host'],
  ])('refuses %j', (text, why) => {
    expect(() => parseImageReference(text)).toThrow(ImageReferenceError)
    expect(() => parseImageReference(text)).toThrow(why)
  })

  it('refuses what is longer than any image', () => {
    expect(() => parseImageReference('x'.repeat(2000))).toThrow('it has 2000 characters, more than 1024')
  })
})

describe('spelling', () => {
  it.each(['nginx', 'ghcr.io/org/app:1.2', `localhost:5000/app:x@${DIGEST}`, `a/b@${DIGEST}`])(
    '%s comes back as it was',
    (text) => {
      expect(formatImageReference(parseImageReference(text))).toBe(text)
    },
  )

  it.each([
    ['nginx', 'docker.io/library/nginx'],
    ['library/nginx', 'docker.io/library/nginx'],
    ['index.docker.io/library/nginx', 'docker.io/library/nginx'],
    ['registry-1.docker.io/library/nginx', 'docker.io/library/nginx'],
    ['GHCR.io/Org/App', 'ghcr.io/Org/App'],
  ])('%s is canonically %s', (text, canonical) => {
    expect(canonicalRepository(parseImageReference(text))).toBe(canonical)
  })

  it('compares repositories whatever the spelling and the tag', () => {
    expect(sameRepository(parseImageReference('nginx:1'), parseImageReference('docker.io/nginx:2'))).toBe(
      true,
    )
    expect(sameRepository(parseImageReference('quay.io/nginx'), parseImageReference('nginx'))).toBe(false)
  })

  it.each([
    ['1.0', '', '1.0'],
    ['1.0', DIGEST, `1.0@${DIGEST}`],
    ['', DIGEST, `latest@${DIGEST}`],
    ['', '', ''],
  ])('writes tag %j and digest %j as %j', (tag, digest, text) => {
    expect(tagWithDigest({ tag, digest })).toBe(text)
  })

  it('moves an image to another tag', () => {
    const image = parseImageReference(`ghcr.io/org/app:1@${DIGEST}`)
    expect(formatImageReference(withTag(image, '2'))).toBe('ghcr.io/org/app:2')
  })
})
