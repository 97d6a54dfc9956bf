import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { TARGETS } from './targets.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

interface Component {
  /** `yaml@2.9.1`. */
  readonly 'bom-ref': string
  readonly type: string
  readonly name: string
  readonly version: string
  readonly purl: string
}

/** As much of CycloneDX 1.5 as is looked at here. */
export interface BillOfMaterials {
  readonly specVersion: string
  readonly metadata: { readonly component: Component }
  readonly components: readonly Component[]
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[]
}

type Lock = { packages: Record<string, { version: string; integrity: string; license: string }> }

/**
 * What is inside the self-contained programs, in CycloneDX's form: the packages of which a file is in the bundle, with
 * the versions, hashes and licences of the lock file, and the runtimes.
 *
 * @param files the files in the bundle, relative to the project
 */
export function billOfMaterials(files: readonly string[]): BillOfMaterials {
  const { metadata, components, dependencies, ...document } = everythingLocked()
  const inside = packagesOf(files)
  const kept = components.filter((component) => inside.has(component['bom-ref']))
  if (kept.length !== inside.size) throw new Error('npm does not know every package that is in the bundle')
  const root = metadata.component['bom-ref']
  const refs = new Set([root, ...kept.map((component) => component['bom-ref'])])
  const runtimes = runtimeComponents()
  return {
    ...document,
    metadata: { component: { ...metadata.component, type: 'application', name: 'kubectl-image-updater' } },
    components: [...kept, ...runtimes],
    dependencies: dependencies
      .filter(({ ref }) => refs.has(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => refs.has(other)) }))
      .map((entry) =>
        entry.ref === root
          ? { ...entry, dependsOn: [...entry.dependsOn, ...runtimes.map((runtime) => runtime['bom-ref'])] }
          : entry,
      ),
  }
}

/** By npm itself. Without what differs from run to run, the time and the serial number. */
function everythingLocked(): BillOfMaterials {
  const args = ['sbom', '--package-lock-only', '--sbom-format=cyclonedx']
  const text = execFileSync('npm', args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 2 ** 26 })
  const { serialNumber: _, ...document } = JSON.parse(text) as BillOfMaterials & { serialNumber: string }
  // Which of them npm counts as needed for development only does not matter: they are inside.
  const components = document.components.map((component) => ({ ...component, properties: [] }))
  return { ...document, components }
}

/** With their versions, as npm refers to them. */
function packagesOf(files: readonly string[]): Set<string> {
  const { packages } = readLock('../package-lock.json')
  const folders = files.flatMap((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? [])
  return new Set(
    folders.map((folder) => `${folder.split('node_modules/').at(-1)}@${packages[folder]?.version}`),
  )
}

function runtimeComponents(): Component[] {
  const { packages } = readLock('runtimes/package-lock.json')
  return TARGETS.map(({ runtime, os, arch }) => {
    const entry = packages[`node_modules/${runtime}`]
    if (!entry) throw new Error(`${runtime} is not in the lock file of the runtimes`)
    const [, hash = ''] = entry.integrity.split('sha512-')
    return {
      'bom-ref': `${runtime}@${entry.version}`,
      type: 'platform',
      name: runtime,
      version: entry.version,
      purl: `pkg:npm/${encodeURIComponent(runtime).replace('%2F', '/')}@${entry.version}`,
      description: `The runtime inside the program for ${os}/${arch}`,
      hashes: [{ alg: 'SHA-512', content: Buffer.from(hash, 'base64').toString('hex') }],
      licenses: [{ license: { id: entry.license } }],
    }
  })
}

function readLock(path: string): Lock {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as Lock
}
