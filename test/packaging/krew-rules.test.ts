import { describe, expect, it } from 'vitest'
import {
  type ArchiveEntry,
  entryProblems,
  type KrewManifest,
  manifestProblems,
} from '../../packaging/krew-rules.ts'

const platform = {
  bin: 'kubectl-image_updater',
  selector: { matchLabels: { os: 'linux', arch: 'amd64' } },
  uri: 'https://example.com/v1.2.3/linux.tar.gz',
  sha256: 'a1'.repeat(32),
}
const good: KrewManifest = {
  apiVersion: 'krew.googlecontainertools.github.com/v1alpha2',
  kind: 'Plugin',
  metadata: { name: 'image-updater' },
  spec: {
    version: 'v1.2.3',
    homepage: 'https://example.com',
    shortDescription: 'Update images',
    description: 'Updates images.',
    platforms: [platform],
  },
}

function withSpec(spec: object): KrewManifest {
  return { ...good, spec: { ...good.spec, ...spec } }
}

function withPlatforms(...platforms: object[]): KrewManifest {
  return withSpec({ platforms: platforms.map((changed) => ({ ...platform, ...changed })) })
}

// JSON is YAML.
const problemsOf = (manifest: object, file = 'image-updater.yaml') =>
  manifestProblems(file, JSON.stringify(manifest)).join('; ')

describe('a manifest', () => {
  it('that krew takes', () => {
    expect(problemsOf(good)).toBe('')
    expect(problemsOf(withSpec({ version: 'v1.2.3-rc.1' }))).toBe('')
    const arm = {
      selector: { matchExpressions: [{ key: 'arch', operator: 'In', values: ['arm64', 'arm'] }] },
    }
    expect(problemsOf(withPlatforms({}, { ...arm, bin: 'x.exe' }))).toBe('')
  })

  it.each<[string, object, RegExp]>([
    ['another version of the format', { ...good, apiVersion: 'v1' }, /apiVersion v1/],
    ['another kind', { ...good, kind: 'Tool' }, /kind Tool/],
    ['a name with a space', { ...good, metadata: { name: 'image updater' } }, /other characters/],
    ['the name of a device', { ...good, metadata: { name: 'con' } }, /device of Windows/],
    ['a version without v', withSpec({ version: '1.2.3' }), /semantic version with a leading v/],
    ['a version of two parts', withSpec({ version: 'v1.2' }), /semantic version/],
    ['a version with zeros in front', withSpec({ version: 'v01.2.3' }), /semantic version/],
    ['no homepage', withSpec({ homepage: undefined }), /homepage/],
    ['a long short description', withSpec({ shortDescription: 'x'.repeat(51) }), /51 characters/],
    ['no short description', withSpec({ shortDescription: '' }), /shortDescription is missing/],
    ['two lines', withSpec({ shortDescription: 'one\ntwo' }), /more than one line/],
    ['long lines', withSpec({ description: `${'x'.repeat(81)}\n` }), /more than 80/],
    ['no platforms', withPlatforms(), /no platforms/],
    ['two platforms for one machine', withPlatforms({}, {}), /2 platforms are for linux\/amd64/],
    [
      'a wide selector beside a narrow one',
      withPlatforms({}, { selector: { matchLabels: { os: 'linux' } } }),
      /2 platforms are for linux\/amd64/,
    ],
    ['upper-case hex', withPlatforms({ sha256: 'A1'.repeat(32) }), /lower-case/],
    ['a short hash', withPlatforms({ sha256: 'a1' }), /64/],
    ['no bin', withPlatforms({ bin: '' }), /bin is missing/],
    ['an empty list of files', withPlatforms({ files: [] }), /files is empty/],
    ['files that leave', withPlatforms({ files: [{ from: '*', to: '../..' }] }), /leads out/],
    [
      'an archive krew does not know',
      withPlatforms({ uri: 'https://example.com/a.tar.xz' }),
      /not that of a/,
    ],
    ['an empty selector', withPlatforms({ selector: {} }), /selector is empty/],
    [
      'a selector by something else',
      withPlatforms({ selector: { matchLabels: { libc: 'musl' } } }),
      /not libc/,
    ],
    [
      'an unknown machine',
      withPlatforms({ selector: { matchLabels: { os: 'plan9' } } }),
      /matches no machine/,
    ],
    [
      'a program without .exe for Windows',
      withPlatforms({ selector: { matchLabels: { os: 'windows', arch: 'amd64' } } }),
      /no \.exe/,
    ],
  ])('is refused with %s', (_, manifest, problem) => {
    expect(problemsOf(manifest)).toMatch(problem)
  })

  it('is refused under another name than the plugin has', () => {
    expect(problemsOf(good, 'image-updater.yml')).toMatch(/not named as the plugin/)
  })
})

describe('an archive', () => {
  const entry = (name: string, more: Partial<ArchiveEntry> = {}): ArchiveEntry => ({
    name,
    kind: 'file',
    mode: 0o755,
    content: Buffer.alloc(0),
    ...more,
  })
  const entries = [entry('LICENSE'), entry('tool')]
  const problems = (...more: ArchiveEntry[]) => entryProblems([...entries, ...more], 'tool').join('; ')

  it('that krew unpacks', () => {
    expect(problems(entry('folder/', { kind: 'directory' }))).toBe('')
  })

  it.each<[string, ArchiveEntry, RegExp]>([
    ['a link', entry('alias', { kind: 'other' }), /neither a file nor a directory/],
    ['a way up', entry('../tool'), /".."/],
    ['two dots within a name', entry('a..b'), /".."/],
    ['an absolute name', entry('/etc/passwd'), /absolute/],
    ['an absolute name of Windows', entry('\\tool'), /absolute/],
  ])('is refused with %s', (_, added, problem) => {
    expect(problems(added)).toMatch(problem)
  })

  it('is refused without licence, program, or the right to run it', () => {
    expect(entryProblems([entry('tool')], 'tool')).toEqual(['no licence among the files'])
    expect(entryProblems([entry('LICENSE')], 'tool')).toEqual(['tool is missing'])
    expect(entryProblems([entry('LICENSE'), entry('tool', { mode: 0o644 })], 'tool')).toEqual([
      'tool is not executable',
    ])
  })
})
