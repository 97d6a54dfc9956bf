import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest'
import { git } from '../git/plain-git.ts'
import { type GitRepository, type GitWorld, KUSTOMIZATION, startGitWorld } from './world/git-repositories.ts'
import { needs } from './world/requirement.ts'

let here: GitWorld

beforeAll(async () => {
  here = await startGitWorld()
})
afterAll(() => here?.close())

/** A repository with a kustomization for each Application. */
async function applications(
  names: readonly string[],
  rules: Readonly<Record<string, string>> = {},
): Promise<GitRepository> {
  const files = names.map((name) => [`${name}/kustomization.yaml`, KUSTOMIZATION])
  const gitops = await here.repository(Object.fromEntries(files))
  for (const name of names) {
    await here.deploy(name, gitops.url, { 'write-back-target': `kustomization:/${name}`, ...rules })
  }
  return gitops
}

async function temporaryFolder(test: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'image-updater-commit-'))
  test.onTestFinished(() => rm(folder, { force: true, recursive: true }))
  return folder
}

const last = ({ folder }: GitRepository, format: string, branch = 'main') =>
  git(folder, 'log', '-1', `--format=${format}`, branch)

describe('a commit', () => {
  it.concurrent('is by whom --commit-author names, and signed off', async () => {
    const gitops = await applications(['author'])
    const person = 'Bob Builder <bob@example.com>'
    const { code } = await here.run(
      'update',
      'author',
      '--yes',
      '--commit-author',
      person,
      '--commit-sign-off',
    )
    expect(code).toBe(0)
    expect(await last(gitops, '%an <%ae>, %cn <%ce>')).toBe(`${person}, ${person}`)
    expect(await last(gitops, '%(trailers:key=Signed-off-by)')).toBe(`Signed-off-by: ${person}`)
    expect(await last(gitops, '%(trailers:key=Application)')).toBe(
      `Application: ${here.world.namespace}/author`,
    )
  })

  it.concurrent('is by the person of the own git without it', async () => {
    const gitops = await applications(['own'])
    expect(await here.run('update', 'own', '--yes')).toMatchObject({ code: 0 })
    expect(await last(gitops, '%an <%ae>')).toBe('Ann <ann@example.com>')
  })

  it.concurrent('is signed with an SSH key', async (test) => {
    needs('ssh-keygen', test)
    const gitops = await applications(['signed'])
    const folder = await temporaryFolder(test)
    const key = join(folder, 'key')
    await promisify(execFile)('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key])
    const { code } = await here.run(
      ...['update', 'signed', '--yes', '--commit-signing', 'ssh', '--commit-signing-key', key],
    )
    expect(code).toBe(0)
    const signers = join(folder, 'signers')
    await writeFile(signers, `ann@example.com ${await readFile(`${key}.pub`, 'utf8')}`)
    await git(gitops.folder, 'config', 'gpg.ssh.allowedSignersFile', signers)
    expect(await last(gitops, '%G? %GS')).toBe('G ann@example.com')
  })

  it.concurrent('is that of one Application with --commit-per-application', async () => {
    const gitops = await applications(['one', 'two'])
    expect(await here.run('update', 'one', 'two', '--yes', '--commit-per-application')).toMatchObject({
      code: 0,
    })
    const messages = (
      await git(gitops.folder, 'log', '--format=%(trailers:key=Application,valueonly)', 'main')
    )
      .split('\n')
      .filter((line) => line !== '')
    expect(messages.sort()).toEqual([`${here.world.namespace}/one`, `${here.world.namespace}/two`])
    expect(await gitops.subjects()).toHaveLength(3)
  })

  it.concurrent('says what a template makes of it', async (test) => {
    const gitops = await applications(['templated'])
    const file = join(await temporaryFolder(test), 'message')
    await writeFile(
      file,
      '{{ .AppName }}{{ range .AppChanges }} {{ .OldTag }} to {{ .NewTag | printf "%q" }}{{ end }}\n\nCC: team\n',
    )
    const update = ['update', 'templated', '--yes', '--commit-template', file]
    const { stdout } = await here.run(...update, '--dry-run=client')
    expect(stdout).toContain('\n      templated 1.0.0 to "1.1.0"\n\n      CC: team\n')
    expect(await gitops.subjects()).toHaveLength(1)
    expect(await here.run(...update)).toMatchObject({ code: 0 })
    expect(await last(gitops, '%B')).toBe(
      `templated 1.0.0 to "1.1.0"\n\nCC: team\nApplication: ${here.world.namespace}/templated\nImage: ${here.image} 1.0.0 -> 1.1.0`,
    )
  })
})

describe('nothing is pushed', () => {
  it.concurrent.for([
    ['a template that does not parse', '{{ range .AppChanges }}'],
    ['a template with a field that there is none of', '{{ .Nonsense }}'],
  ] as const)('with %s', async ([name, text], test) => {
    const application = name.replaceAll(' ', '-')
    const gitops = await applications([application])
    const file = join(await temporaryFolder(test), 'message')
    await writeFile(file, text)
    const { code, stderr } = await here.run('update', application, '--yes', '--commit-template', file)
    expect(stderr).toMatch(/^error: .*template.*\d/m)
    expect(code).toBe(1)
    expect(await gitops.subjects()).toHaveLength(1)
  })

  it.concurrent('by a person who is none', async () => {
    const gitops = await applications(['nobody'])
    const { code, stderr } = await here.run('update', 'nobody', '--yes', '--commit-author', 'Bob')
    expect(stderr).toContain('--commit-author "Bob" is not a name and an address')
    expect(stderr).toContain('Write it as "Ann Smith <ann@example.com>"')
    expect(code).not.toBe(0)
    expect(await gitops.subjects()).toHaveLength(1)
  })
})

describe('git-branch', () => {
  const branches = async ({ folder }: GitRepository) =>
    (await git(folder, 'for-each-ref', '--format=%(refname:short)', 'refs/heads')).split('\n')

  it.concurrent('with a template of the change makes a branch', async () => {
    const gitops = await applications(['hashed'], { 'git-branch': ':image-updater-{{.SHA256}}' })
    expect(await here.run('update', 'hashed', '--yes')).toMatchObject({ code: 0 })
    const [branch = '', ...rest] = await branches(gitops)
    expect(branch).toMatch(/^image-updater-[0-9a-f]{64}$/)
    expect(rest).toEqual(['main'])
    expect(await gitops.subjects()).toHaveLength(1)
    expect(await gitops.show('hashed/kustomization.yaml', branch)).toContain('newTag: 1.1.0')
    // Nobody has merged it: the same is not pushed again.
    expect((await here.run('update', 'hashed', '--yes')).stdout).toContain('git says so already')
    expect(await gitops.subjects(branch)).toHaveLength(2)
  })

  it.concurrent('with a base and a name', async () => {
    const gitops = await applications(['released'], { 'git-branch': 'main:release' })
    expect(await here.run('update', 'released', '--yes')).toMatchObject({ code: 0 })
    expect(await branches(gitops)).toEqual(['main', 'release'])
    expect(await gitops.subjects()).toHaveLength(1)
    expect(await gitops.changedLines('release')).toHaveLength(2)
  })

  it.concurrent('that names the Application makes a branch for each', async () => {
    const gitops = await applications(['left', 'right'], { 'git-branch': 'main:update-{{ .AppName }}' })
    expect(await here.run('update', 'left', 'right', '--yes')).toMatchObject({ code: 0 })
    expect(await branches(gitops)).toEqual(['main', 'update-left', 'update-right'])
    for (const name of ['left', 'right']) {
      const changed = await git(gitops.folder, 'diff', '--name-only', 'main', `update-${name}`)
      expect(changed).toBe(`${name}/kustomization.yaml`)
    }
    expect(await gitops.subjects()).toHaveLength(1)
  })
})
