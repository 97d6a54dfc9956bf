import { describe, expect, it } from 'vitest'
import { checkTreePath } from '../../src/lib/git/tree-path.ts'
import { world } from '../git/operator.ts'
import { git } from '../git/plain-git.ts'

const LFS = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n'
const COMMIT = '1234567890123456789012345678901234567890'

describe('S9: a path from an annotation stays inside the repository', () => {
  it.each([
    '../outside.yaml',
    'a/../../outside.yaml',
    '/etc/passwd',
    'C:/Windows/x',
    'a\\..\\x',
    '.git/config',
    'a/.GIT/hooks/pre-push',
    'git~1/config',
    '.git./config',
    '.git::$INDEX_ALLOCATION/config',
    'a\u0000b',
    'a\nb',
  ])('%j is refused', (path) => {
    expect(() => checkTreePath(path)).toThrow(expect.objectContaining({ kind: 'path' }))
  })

  it.each([
    ['./app//values.yaml', 'app/values.yaml'],
    ['.', ''],
    ['.github/x', '.github/x'],
    ['--upload-pack=x', '--upload-pack=x'],
  ])('%j is %j', (path, checked) => {
    expect(checkTreePath(path)).toBe(checked)
  })

  it.each([
    ['link.yaml', 'symlink'],
    ['folder/passwd', 'symlink'],
    ['module/values.yaml', 'submodule'],
    ['module', 'submodule'],
    ['pointer.yaml', 'lfs'],
    ['values.yaml/x', 'path'],
    ['app', 'path'],
    ['', 'path'],
  ])('%j is neither read nor written: %s', async (path, kind) => {
    const { change, repository } = await world({
      'values.yaml': 'a: 1\n',
      'app/values.yaml': 'a: 1\n',
      'link.yaml': { mode: '120000', text: '/etc/passwd' },
      folder: { mode: '120000', text: '/etc' },
      module: { mode: '160000', text: COMMIT },
      'pointer.yaml': LFS,
    })
    const before = await git(repository, 'rev-parse', 'main')
    await change({
      edit: async (tree) => {
        await expect(tree.read(path)).rejects.toMatchObject({ kind })
        await expect(tree.write(path, 'x')).rejects.toMatchObject({ kind })
        return { message: 'nothing' }
      },
    })
    expect(await git(repository, 'rev-parse', 'main')).toBe(before)
  })

  it('what is not followed survives a commit beside it', async () => {
    const { change, repository } = await world({
      'link.yaml': { mode: '120000', text: '/etc/passwd' },
      module: { mode: '160000', text: COMMIT },
      'large.bin': 'x'.repeat(2 * 1024 * 1024),
    })
    await change({
      edit: async (tree) => {
        expect(await tree.list('')).toEqual([
          { name: 'large.bin', kind: 'file' },
          { name: 'link.yaml', kind: 'symlink' },
          { name: 'module', kind: 'submodule' },
        ])
        await expect(tree.read('large.bin')).rejects.toMatchObject({ kind: 'too-large' })
        await tree.write('new.yaml', 'a: 1\n')
        return { message: 'new' }
      },
    })
    expect(await git(repository, 'show', '--format=', '--name-status', 'main')).toBe('A\tnew.yaml')
    await git(repository, 'fsck', '--strict')
  })
})
