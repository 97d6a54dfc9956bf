import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { archiveEntries } from '../../packaging/archive-entries.ts'
import { packageVersion } from '../../packaging/release-names.ts'
import { npmTarball } from './packed.ts'

const NAME = 'kubectl-image-updater'
const root = new URL('../../', import.meta.url)
const json = (path: string) => JSON.parse(readFileSync(new URL(path, root), 'utf8'))

describe('the package for npm', () => {
  let names: string[] = []
  let manifest: Record<string, unknown> = {}
  beforeAll(async () => {
    const entries = await archiveEntries(npmTarball())
    names = entries.map(({ name }) => name.replace(/^package\//, ''))
    const found = entries.find(({ name }) => name === 'package/package.json')
    manifest = JSON.parse(String(found?.content))
  })

  it('has the compiled program and its documents, and nothing of the checkout', () => {
    const outside = names.filter((name) => !/^(dist\/.*\.js|docs\/schema\/.*\.json)$/.test(name))
    expect(outside.toSorted()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'bin/main.js',
      'bin/run.js',
      'dist/manifest.json',
      'oclif.manifest.json',
      'package.json',
    ])
  })

  it('runs no script when it is installed, and brings no Node', () => {
    expect(manifest).not.toHaveProperty('scripts')
    expect(manifest).not.toHaveProperty('devDependencies')
    expect(manifest).not.toHaveProperty('optionalDependencies')
    expect(manifest).toMatchObject({ engines: { node: '>=24.15' }, publishConfig: { provenance: true } })
  })

  it('has one command, so that npx takes it by the name of the package', () => {
    expect(manifest['bin']).toEqual({ 'kubectl-image_updater': 'bin/run.js' })
  })
})

describe('installed by npm', () => {
  let folder = ''
  const run = (program: string, args: readonly string[]) => {
    const path = [dirname(process.execPath), process.env['PATH']].join(delimiter)
    // A test would have oclif look for sources.
    const env = { ...process.env, NODE_ENV: 'production', PATH: path }
    return execFileSync(program, args, { cwd: folder, encoding: 'utf8', env })
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'npm-'))
    writeFileSync(join(folder, 'package.json'), JSON.stringify(host))
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lockOf(npmTarball())))
    writeFileSync(
      join(folder, 'host.js'),
      "import { execute } from '@oclif/core'\nawait execute({ dir: import.meta.url })\n",
    )
    run('npm', ['ci', '--prefer-offline', '--no-audit', '--no-fund', '--strict-allow-scripts'])
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  /** A CLI made with oclif that has the package as a plugin. */
  const host = {
    name: 'host',
    version: '5.0.0',
    type: 'module',
    dependencies: { [NAME]: `file:${npmTarball()}` },
    oclif: { bin: 'host', topicSeparator: ' ', plugins: [NAME] },
  }

  /** The versions that are tested here; npm has them in its cache since they were installed here. */
  function lockOf(tarball: string): object {
    const { packages } = json('package-lock.json') as { packages: Record<string, Record<string, unknown>> }
    const needed = Object.entries(packages).filter(
      ([path, { dev, optional, devOptional }]) => path !== '' && !dev && !optional && !devOptional,
    )
    const { dependencies, bin, engines, version } = json('package.json')
    const { name, version: hostVersion, dependencies: hostDependencies } = host
    return {
      name,
      version: hostVersion,
      lockfileVersion: 3,
      requires: true,
      packages: {
        '': { name, version: hostVersion, dependencies: hostDependencies },
        [`node_modules/${NAME}`]: { version, resolved: `file:${tarball}`, dependencies, bin, engines },
        ...Object.fromEntries(needed),
      },
    }
  }

  it('is kubectl-image_updater', () => {
    expect(run('node_modules/.bin/kubectl-image_updater', ['version'])).toContain(
      `v${packageVersion()} (Node v`,
    )
    expect(run('node_modules/.bin/kubectl-image_updater', ['check', '--help'])).toContain(
      'kubectl image-updater check',
    )
    expect(existsSync(join(folder, 'node_modules/.bin/node'))).toBe(false)
  })

  it('is started by npx with the name of the package', () => {
    expect(run('npx', ['--offline', NAME, 'version'])).toContain(`v${packageVersion()}`)
  })

  it('gives a host its commands, and they run there', () => {
    expect(run(process.execPath, ['host.js', '--help'])).toContain('image-updater')
    expect(run(process.execPath, ['host.js', 'image-updater', 'tags', '--help'])).toContain(
      'Show the tags of a repository',
    )
    const version = JSON.parse(run(process.execPath, ['host.js', 'image-updater', 'version', '-o', 'json']))
    expect(version).toMatchObject({ kind: 'Version', version: `v${packageVersion()}` })
  })

  it('tells the host of an error in one line, with the exit code of the plugin', () => {
    const args = ['host.js', 'image-updater', 'check', '--kubeconfig', join(folder, 'none')]
    expect(() => run(process.execPath, args)).toThrow(/\nerror: .*none.*\n$/)
  })
})
