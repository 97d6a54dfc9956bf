import nodePath from 'node:path'
import { describe, expect, it } from 'vitest'
import { refuseLinked, repositoryPath } from '../../src/lib/writeback/git/targets/target-path.ts'
import { parseWriteBackTarget } from '../../src/lib/writeback/git/targets/write-back-target.ts'

const place = {
  application: 'shop',
  argocdNamespace: 'argocd',
  namespace: 'argocd',
  overrideType: 'Helm',
  sourcePath: 'apps/shop',
} as const

const refused = expect.objectContaining({ code: 'path-refused' })

const ESCAPES = [
  '../../../etc/passwd',
  '/../x.yaml',
  'a/../../../../x',
  '..',
  '/..',
  'C:/Windows/x.yaml',
  'c:x.yaml',
  '\\\\host\\share\\x.yaml',
  '..\\..\\x.yaml',
  '//host/share/x.yaml',
  '/.git/config',
  '.git/hooks/pre-commit',
  '/a/.GIT/config',
  '/.git./config',
  '/.git /config',
  '/git~1/config',
  '/.g\u200cit/config',
  '/.git::$INDEX_ALLOCATION/config',
  '/.gitmodules',
  '/.github/workflows/build.yaml',
  '/.gitlab-ci.yml',
  '/.circleci/config.yml',
  'a\nb.yaml',
  'a\0b.yaml',
  'a\u001b[2Jb.yaml',
  'x'.repeat(5000),
]

describe('S9: a target does not leave the repository, nor reach what git or a build server acts on', () => {
  it.each(ESCAPES)('%j', (path) => {
    for (const target of [path, `helmvalues:${path}`, `kustomization:${path}`, `manifests:${path}`]) {
      // Relative to the folder of the source one or two `..` are still inside.
      if (/^\w+:\.\.$/.test(target)) continue
      expect(() => parseWriteBackTarget(target, place), target).toThrow()
    }
    expect(() => repositoryPath(path, 'apps/..')).toThrow(refused)
  })

  it.each(ESCAPES.filter((path) => !path.startsWith('/') || path.includes('.git')))(
    'nor does the path of a source: %j',
    (sourcePath) => {
      for (const target of [undefined, 'helmvalues', 'kustomization', 'manifests']) {
        expect(() => parseWriteBackTarget(target, { ...place, sourcePath })).toThrow(refused)
      }
    },
  )

  it.each([
    ['/etc/passwd.yaml', 'etc/passwd.yaml'],
    ['./a//b/./c.yaml', 'a/b/c.yaml'],
    ['..a/...', '..a/...'],
    ['a/../b', 'b'],
    ['', '.'],
  ])('%j is %j inside of it', (written, path) => expect(repositoryPath(written)).toBe(path))

  it('says so in one line, without the control characters', () => {
    expect(() => repositoryPath('a\n\u001b[2J')).toThrow(
      'the path "a\\n\\u001b[2J" is refused: it holds a control character',
    )
  })
})

describe('S9: a file that is a link, or is reached through one', () => {
  const { posix, win32 } = nodePath
  it.each([
    ['the link itself', '/etc/passwd', 'apps/values.yaml'],
    ['a link of a folder', '/clone/other/values.yaml', 'apps/values.yaml'],
    ['a link into .git', '/clone/.git/config', 'apps/values.yaml'],
    ['a clone that begins alike', '/clone-2/apps/values.yaml', 'apps/values.yaml'],
  ])('is refused: %s', (_, real, path) => {
    expect(() => refuseLinked('/clone', path, real, posix)).toThrow(refused)
  })

  it('is told from a plain one', () => {
    expect(() => refuseLinked('/clone', 'apps/values.yaml', '/clone/apps/values.yaml', posix)).not.toThrow()
    expect(() => refuseLinked('/clone', '.', '/clone', posix)).not.toThrow()
    expect(() => refuseLinked('C:\\clone', 'apps/v.yaml', 'C:\\clone\\apps\\v.yaml', win32)).not.toThrow()
  })
})
