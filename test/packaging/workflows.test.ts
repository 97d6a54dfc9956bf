import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { archiveName, PLUGIN, packedProgram } from '../../packaging/release-names.ts'
import { TARGETS } from '../../packaging/targets.ts'

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>
  readonly strategy?: { readonly matrix?: Readonly<Record<string, unknown>> }
  readonly steps: readonly Step[]
}

interface Workflow {
  readonly permissions: unknown
  readonly jobs: Readonly<Record<string, Job>>
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const FILES = globSync('.github/workflows/*.yml', { cwd: ROOT })
const { scripts } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as {
  scripts: Record<string, string>
}

/** What packing leaves below packages/, besides the npm package. */
const PACKED = [
  ...TARGETS.map(archiveName),
  ...TARGETS.map(packedProgram),
  'checksums.txt',
  `${PLUGIN}.yaml`,
  'sbom.cdx.json',
  'npm/any.tgz',
]

it('there are workflows', () => {
  expect(FILES.map((file) => basename(file)).toSorted()).toEqual(['ci.yml', 'release.yml'])
})

describe.each(FILES)('%s', (file) => {
  const workflow = parse(readFileSync(ROOT + file, 'utf8')) as Workflow
  const jobs = Object.values(workflow.jobs)
  const steps = jobs.flatMap((job) => job.steps)
  const text = steps
    .map(
      ({ run = '', with: inputs = {} }) => `${run}\n${inputs['path'] ?? ''}\n${inputs['subject-path'] ?? ''}`,
    )
    .join('\n')

  it('names npm scripts that exist', () => {
    const named = [...text.matchAll(/npm (?:run (?:--silent )?|(?=test))([a-z][\w:-]*)/g)].map(
      ([, name = '']) => name,
    )
    const listed = jobs.flatMap((job) => (job.strategy?.matrix?.['run'] ?? []) as string[])
    const own = [...named, ...listed]
    expect(own.length).toBeGreaterThan(3)
    expect(own.filter((name) => !(name in scripts))).toEqual([])
  })

  it('names files that exist, or that packing makes', () => {
    const files = [...text.matchAll(/(?<![\w/-])packaging\/[\w./-]+/g)].map(([path]) => path)
    expect(files.filter((path) => !existsSync(ROOT + path))).toEqual([])
    const packed = [...text.matchAll(/(?<![\w/-])packages\/([\w.*/-]+)/g)].map(([, path = '']) => path)
    expect(packed.filter((pattern) => !PACKED.some((path) => matchesPattern(pattern, path)))).toEqual([])
    const archives = [...JSON.stringify(workflow).matchAll(/kubectl-image_updater_\w+\.(?:zip|tar\.gz)/g)]
    const known = TARGETS.map(archiveName)
    expect(archives.map(([name]) => name).filter((name) => !known.includes(name))).toEqual([])
  })

  it('uses actions by their commit, and says which version that is', () => {
    const uses = readFileSync(ROOT + file, 'utf8').match(/uses: .*/g) ?? []
    expect(uses.length).toBeGreaterThan(2)
    for (const line of uses) expect(line).toMatch(/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
  })

  it('gives a job no right that it does not name', () => {
    expect([{}, { contents: 'read' }]).toContainEqual(workflow.permissions)
    for (const { permissions = {} } of jobs) expect(Object.values(permissions)).not.toContain('write-all')
  })

  it('puts nothing from outside into a shell', () => {
    const inserted = [...text.matchAll(/\$\{\{\s*(.*?)\s*\}\}/g)].map(([, expression = '']) => expression)
    const allowed = /^(matrix\.\w+|github\.event\.release\.prerelease && 'next' \|\| 'latest')$/
    expect(inserted.filter((expression) => !allowed.test(expression))).toEqual([])
  })
})

function matchesPattern(pattern: string, path: string): boolean {
  const words = pattern.split('*').map((word) => word.replaceAll('.', '\\.'))
  return new RegExp(`^${words.join('[^/]*')}$`).test(path)
}
