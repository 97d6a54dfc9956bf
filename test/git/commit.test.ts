import { execFileSync } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { needs } from '../e2e/world/requirement.ts'
import { world, writing } from './operator.ts'
import { git } from './plain-git.ts'

const VALUES = 'app/values.yaml'
const NEW = 'tag: "1.1"\n'

describe('one commit to the base branch', () => {
  it('changes exactly the edited files, as the operator, and is pushed', async () => {
    const { change, repository } = await world({ [VALUES]: 'tag: "1.0"\n', 'other.bin': 'kept' })
    const result = await change({ edit: writing(VALUES, NEW, 'app: 1.0 → 1.1\n\nImage: web') })
    expect(result).toMatchObject({ branch: 'main', base: 'main', pushed: true, attempts: 1, files: [VALUES] })
    expect(await git(repository, 'rev-parse', 'main')).toBe(result.commit)
    expect(await git(repository, 'show', '--format=%an <%ae> %cn%n%B', '--name-only', 'main')).toBe(
      'Op Erator <op@example.com> Op Erator\napp: 1.0 → 1.1\n\nImage: web\n\n\napp/values.yaml',
    )
    expect(`${await git(repository, 'show', `main:${VALUES}`)}\n`).toBe(NEW)
  })

  it('makes new files and keeps modes', async () => {
    const { change, repository } = await world()
    await git(repository, 'symbolic-ref', 'HEAD', 'refs/heads/main')
    await change({ edit: writing('deep/in/.argocd-source-app.yaml', 'helm: {}\n') })
    expect(await git(repository, 'ls-tree', '-r', '--format=%(objectmode) %(path)', 'main')).toBe(
      '100644 app/values.yaml\n100644 deep/in/.argocd-source-app.yaml',
    )
  })

  it('reads many files at once, each with its own answer', async () => {
    const texts = Object.fromEntries(
      Array.from({ length: 120 }, (_, index) => [`${index}.yaml`, `n: ${index}\n`]),
    )
    const large = 'x'.repeat(1024 * 1024 + 1)
    const { change } = await world({ ...texts, empty: '', large, bom: '\ufeffa: 1\n' })
    await change({
      edit: async (tree) => {
        const paths = [...Object.keys(texts), 'empty', 'bom', 'gone', 'large']
        const found = await Promise.allSettled(paths.map((path) => tree.read(path)))
        const values = found.map((result) =>
          result.status === 'fulfilled' ? result.value : result.reason.kind,
        )
        expect(values).toEqual([...Object.values(texts), '', '\ufeffa: 1\n', undefined, 'too-large'])
        return 'nothing'
      },
    })
  })

  it('does nothing when nothing changes', async () => {
    const { change, server } = await world()
    const same = writing(VALUES, 'tag: "1.0"\n')
    expect(await change({ edit: same })).toEqual({
      ahead: false,
      branch: 'main',
      base: 'main',
      pushed: false,
      attempts: 1,
      files: [],
    })
    expect(await change({ edit: async () => 'nothing' })).toMatchObject({ pushed: false })
    expect(server.requests.filter((line) => line.includes('receive-pack'))).toEqual([])
  })

  it('shows message and diff in a dry run', async () => {
    const { change, repository } = await world()
    const before = await git(repository, 'rev-parse', 'main')
    const { diff, message, pushed } = await change({ dryRun: true, edit: writing(VALUES, NEW) })
    expect(pushed).toBe(false)
    expect(message).toBe('update')
    expect(diff).toContain(
      '--- a/app/values.yaml\n+++ b/app/values.yaml\n@@ -1 +1 @@\n-tag: "1.0"\n+tag: "1.1"\n',
    )
    expect(await git(repository, 'rev-parse', 'main')).toBe(before)
  })

  it('names author and committer and signs off where told to', async () => {
    const { change, repository } = await world()
    await change({
      edit: async (tree) => {
        await tree.write(VALUES, NEW)
        return { message: 'update\n\nImage: web', author: { name: 'Ann', email: 'ann@example.com' } }
      },
      commit: { committer: { name: 'Bot', email: 'bot@example.com' }, signOff: true },
    })
    expect(await git(repository, 'log', '-1', '--format=%an %cn%n%B', 'main')).toBe(
      'Ann Bot\nupdate\n\nImage: web\nSigned-off-by: Bot <bot@example.com>',
    )
  })

  it('signs with an OpenPGP key where that is asked for', async (test) => {
    needs('gpg', test)
    const { change, repository, home } = await world()
    const env = { HOME: home, PATH: process.env['PATH'] ?? '' }
    const gpg = (...args: string[]) =>
      execFileSync('gpg', ['--batch', '--quiet', ...args], { env, stdio: 'pipe' })
    try {
      gpg('--passphrase', '', '--quick-generate-key', 'Op <op@example.com>', 'ed25519', 'sign', 'never')
      const sign = { format: 'openpgp', key: 'op@example.com' } as const
      await change({ edit: writing(VALUES, NEW), commit: { sign } })
      expect(await git(repository, 'cat-file', 'commit', 'main')).toContain('BEGIN PGP SIGNATURE')
      expect(await git(repository, { env }, 'log', '-1', '--format=%G?', 'main')).toBe('G')
    } finally {
      execFileSync('gpgconf', ['--kill', 'all'], { env })
    }
  })

  it('signs with an SSH key as the configuration of the operator says', async (test) => {
    needs('ssh-keygen', test)
    const { change, repository, home } = await world()
    const key = join(home, 'key')
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key])
    const config = `[user]\n\tname = Op\n\temail = op@example.com\n\tsigningKey = ${key}.pub\n[gpg]\n\tformat = ssh\n[commit]\n\tgpgSign = true\n`
    await writeFile(join(home, '.gitconfig'), config)
    await change({ edit: writing(VALUES, NEW) })
    expect(await git(repository, 'cat-file', 'commit', 'main')).toContain('BEGIN SSH SIGNATURE')
    await change({ edit: writing(VALUES, 'tag: "1.2"\n'), commit: { sign: false } })
    expect(await git(repository, 'cat-file', 'commit', 'main')).not.toContain('SIGNATURE')
    await rm(key)
    await expect(change({ edit: writing(VALUES, 'tag: "1.3"\n') })).rejects.toMatchObject({ kind: 'signing' })
  })

  it('says when nobody is named', async () => {
    const { change, home } = await world()
    await writeFile(join(home, '.gitconfig'), '[user]\n\tuseConfigOnly = true\n')
    await expect(change({ edit: writing(VALUES, NEW) })).rejects.toMatchObject({
      kind: 'identity',
      remedy: 'Set user.name and user.email with git config --global',
    })
  })
})
