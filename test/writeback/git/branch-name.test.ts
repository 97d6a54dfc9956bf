import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { GoTemplate } from '../../../src/lib/gotemplate/template.ts'
import { baseBranch } from '../../../src/lib/writeback/git/base-branch.ts'
import {
  branchName,
  defaultPullRequestBranch,
  readBranchTemplate,
} from '../../../src/lib/writeback/git/branch-name.ts'
import { parseBranchSetting } from '../../../src/lib/writeback/git/branch-setting.ts'
import { legalBranchName } from '../../../src/lib/writeback/git/ref-name.ts'
import { sameGitRepository } from '../../../src/lib/writeback/git/repository-url.ts'
import { API, application, image, NGINX } from './changes.ts'

const DIGEST = `sha256:${'ab'.repeat(32)}`

describe('git-branch', () => {
  it.each([
    ['main', { base: 'main' }],
    ['main:image-updates', { base: 'main', write: 'image-updates' }],
    [':update-{{.AppName}}', { base: '', write: 'update-{{.AppName}}' }],
    [
      'main:a-{{ printf "%s:%s" .AppNamespace .AppName }}',
      { base: 'main', write: 'a-{{ printf "%s:%s" .AppNamespace .AppName }}' },
    ],
    ['main:{{ `}}:` }}', { base: 'main', write: '{{ `}}:` }}' }],
    ['', { base: '' }],
  ])('%s', (text, setting) => expect(parseBranchSetting(text)).toEqual(setting))

  it.each([
    ['main:', /names no branch behind the colon/],
    ['main:a:b', /has more than two parts/],
    ['update-{{.AppName}}', /the branch to start from is no template/],
    ['{{ "a:b" }}', /is no template/],
    [`${'{{'.repeat(100_000)}"`, /longer than 4096 characters/],
  ])('%s is refused', (text, message) => expect(() => parseBranchSetting(text)).toThrow(message))
})

describe('the branch that is pushed', () => {
  it.each([
    [
      'image-updater{{range .Images}}-{{.Name}}-{{.NewTag}}{{end}}',
      'image-updater-nginx-1.27.1-org/api-2.1.0',
    ],
    ['{{.AppNamespace}}/{{.AppName}}', 'argocd/shop'],
    ['update-{{.TargetKey}}', 'update-9505537f'],
    ['u-{{range .Images}}{{.Alias}}{{.OldTag}}{{end}}', 'u-app1.26.0app2.0.1'],
    ['{{printf "%.8s" .SHA256}}', '8e679eb1'],
  ])('%s', (template, name) => {
    const change = application('argocd/shop', NGINX, API)
    expect(branchName(readBranchTemplate(template), change, '9505537f')).toBe(name)
  })

  it('has a dash for the colon of a digest', () => {
    const change = application('a/x', image('nginx:1', `nginx:1@${DIGEST}`))
    const template = readBranchTemplate('u{{range .Images}}-{{.NewTag}}{{end}}')
    expect(branchName(template, change, '')).toBe(`u-sha256-${'ab'.repeat(32)}`)
  })

  it('is at most 255 bytes long', () => {
    const name = branchName(new GoTemplate(`${'é'.repeat(100)}/${'x'.repeat(300)}`), application('a/x'), '')
    expect(Buffer.byteLength(name)).toBe(255)
  })

  it('is refused where nothing legal is left, at the start already', () => {
    expect(() => readBranchTemplate('{{ "~^:" }}')).toThrow('"~^:" is no name for a branch')
    expect(() => readBranchTemplate('{{ .Nope }}')).toThrow('line 1, column 4: the branch has no field .Nope')
  })

  it('of a pull request is one for each target', () => {
    expect(defaultPullRequestBranch('9505537f')).toBe('image-updater-9505537f')
  })
})

describe('any text becomes a name that git takes', () => {
  it.each([
    '-option',
    '--upload-pack=touch /tmp/x',
    'a..b',
    'a/.b',
    'a.lock',
    'a.lock.lock/b',
    'a//b',
    '/a/',
    'a.',
    'a@{b',
    'a b',
    'a\tb\n',
    'a~^:?*[\\b',
    '\u001b[31mred',
    'a\u202eb',
    'x'.repeat(300),
    `${'y'.repeat(240)}.lock`,
    'ü/ö',
    'a/-/b',
    'refs/heads/x',
    '$(id)`id`;id',
    '@a',
  ])('%j', (text) => {
    const name = legalBranchName(text)
    expect(execFileSync('git', ['check-ref-format', '--branch', name], { encoding: 'utf8' }).trim()).toBe(
      name,
    )
    expect(name).toMatch(/^[^-]/)
    expect(name.split('/').every((part) => Buffer.byteLength(part) <= 250)).toBe(true)
  })

  it.each(['', '@', 'HEAD', '...', '//', '~', '-.'])('%j leaves nothing', (text) =>
    expect(legalBranchName(text)).toBe(''),
  )
})

describe('the branch to start from', () => {
  const chart = { repoURL: 'https://charts.example.com', targetRevision: '18.2.3' }
  const values = { repoURL: 'https://github.com/acme/deploy.git', targetRevision: 'main' }

  it.each([
    'https://github.com/acme/deploy.git',
    'https://github.com/acme/deploy',
    'https://GitHub.com/Acme/deploy/',
    'git@github.com:acme/deploy.git',
    'ssh://git@github.com:22/acme/deploy',
  ])('is that of the source of the same repository: %s', (repository) => {
    expect(baseBranch([chart, values], chart, repository)).toBe('main')
  })

  it('is that of the chosen source, and the default branch for HEAD', () => {
    expect(baseBranch([chart, values], values)).toBe('main')
    expect(baseBranch([{ ...values, targetRevision: 'HEAD' }], undefined)).toBe('')
    expect(baseBranch([{ repoURL: values.repoURL }], undefined)).toBe('')
  })

  it('cannot be a commit', () => {
    const pinned = { ...values, targetRevision: '9d921f65f3c5373b682e2eb4b37afba6592e8f8b' }
    expect(() => baseBranch([pinned], pinned)).toThrow('the source deploys the commit 9d921f65f3c5')
  })

  it('different repositories stay different', () => {
    expect(sameGitRepository('https://github.com/acme/a', 'https://github.com/acme/b')).toBe(false)
    expect(sameGitRepository('https://github.com/acme/a', 'https://github.com:8443/acme/a')).toBe(false)
    expect(sameGitRepository('https://github.com/acme/a', 'https://gitlab.com/acme/a')).toBe(false)
  })
})
