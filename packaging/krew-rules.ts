import { parse } from 'yaml'

// The rules of krew and of its index for a manifest, in krew's own words where it has some.

export interface KrewPlatform {
  readonly uri: string
  readonly sha256: string
  readonly bin: string
  readonly files?: readonly { readonly from: string; readonly to: string }[]
  readonly selector: KrewSelector
}

interface KrewSelector {
  readonly matchLabels?: Readonly<Record<string, string>>
  readonly matchExpressions?: readonly {
    readonly key: string
    readonly operator: string
    readonly values?: readonly string[]
  }[]
}

export interface KrewManifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly spec: {
    readonly version: string
    readonly homepage: string
    readonly shortDescription: string
    readonly description: string
    readonly platforms: readonly KrewPlatform[]
  }
}

/** What krew installs on. */
const MACHINES = [
  ...['386', 'amd64', 'arm64'].map((arch) => ({ os: 'windows', arch })),
  ...['386', 'amd64', 'arm', 'arm64', 'ppc64le'].map((arch) => ({ os: 'linux', arch })),
  ...['386', 'amd64', 'arm64'].map((arch) => ({ os: 'darwin', arch })),
]
const SEMVER = /^v(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$/
const WINDOWS_DEVICES = /^(con|prn|aux|nul|com[1-9]|lpt[1-9])$/i

/** @returns what krew or its index would refuse, one sentence each @throws Error when it is no YAML */
export function manifestProblems(fileName: string, text: string): string[] {
  const { apiVersion, kind, metadata, spec } = parse(text) as KrewManifest
  const problems: string[] = []
  const rule = (kept: boolean, problem: string) => {
    if (!kept) problems.push(problem)
  }
  rule(apiVersion === 'krew.googlecontainertools.github.com/v1alpha2', `apiVersion ${apiVersion}`)
  rule(kind === 'Plugin', `kind ${kind}`)
  rule(fileName === `${metadata.name}.yaml`, `${fileName} is not named as the plugin, ${metadata.name}`)
  rule(
    /^[\w-]+$/.test(metadata.name),
    `the name ${metadata.name} has other characters than letters, digits, - and _`,
  )
  rule(!WINDOWS_DEVICES.test(metadata.name), `the name ${metadata.name} is a device of Windows`)
  rule(SEMVER.test(spec.version), `version ${spec.version} is not a semantic version with a leading v`)
  rule(/^https:\/\/\S+$/.test(spec.homepage ?? ''), 'homepage is missing')
  problems.push(...wordProblems(spec.shortDescription ?? '', spec.description ?? ''))
  rule((spec.platforms ?? []).length > 0, 'no platforms')
  for (const [index, platform] of (spec.platforms ?? []).entries())
    problems.push(...platformProblems(platform).map((problem) => `platform ${index}: ${problem}`))
  for (const machine of MACHINES) {
    const count = (spec.platforms ?? []).filter(({ selector }) => matches(selector, machine)).length
    rule(count < 2, `${count} platforms are for ${machine.os}/${machine.arch}`)
  }
  return problems
}

function wordProblems(short: string, description: string): string[] {
  const problems: string[] = []
  if (short === '') problems.push('shortDescription is missing')
  if (short.length > 50) problems.push(`shortDescription has ${short.length} characters, more than 50`)
  if (/[\r\n]/.test(short)) problems.push('shortDescription has more than one line')
  if (description === '') problems.push('description is missing')
  if (description.split('\n').some((line) => line.length > 80))
    problems.push('description has lines of more than 80 characters')
  return problems
}

function platformProblems({ uri, sha256, bin, files, selector }: KrewPlatform): string[] {
  const problems: string[] = []
  if (!/^https:\/\/\S+\.(zip|tar\.gz)$/.test(uri ?? ''))
    problems.push(`uri ${uri} is not that of a .zip or .tar.gz`)
  if (!/^[a-f0-9]{64}$/.test(sha256 ?? '')) problems.push(`sha256 ${sha256} is not 64 lower-case hex digits`)
  if (!bin) problems.push('bin is missing')
  if (files?.length === 0) problems.push('files is empty')
  if (files?.some(({ to }) => to.startsWith('/') || to.split('/').includes('..')))
    problems.push('files leads out of the folder')
  const keys = [
    ...Object.keys(selector?.matchLabels ?? {}),
    ...(selector?.matchExpressions ?? []).map(({ key }) => key),
  ]
  if (keys.length === 0) problems.push('selector is empty')
  const unknown = keys.filter((key) => key !== 'os' && key !== 'arch')
  if (unknown.length > 0) problems.push(`selector knows os and arch, not ${unknown.join(', ')}`)
  const machines = MACHINES.filter((machine) => matches(selector, machine))
  if (machines.length === 0) problems.push('selector matches no machine')
  // A link to anything else does not run there.
  if (machines.some(({ os }) => os === 'windows') && !bin?.endsWith('.exe'))
    problems.push(`bin ${bin} is no .exe`)
  return problems
}

function matches(selector: KrewSelector | undefined, machine: Readonly<Record<string, string>>): boolean {
  const labels = Object.entries(selector?.matchLabels ?? {})
  const expressions = selector?.matchExpressions ?? []
  return (
    labels.every(([key, value]) => machine[key] === value) &&
    expressions.every(({ key, operator, values = [] }) => {
      const value = machine[key]
      if (operator === 'Exists') return value !== undefined
      if (operator === 'DoesNotExist') return value === undefined
      return (value !== undefined && values.includes(value)) === (operator === 'In')
    })
  )
}

/** One entry of an archive. */
export interface ArchiveEntry {
  readonly name: string
  /** `other`: a link, a device, and whatever else is neither. */
  readonly kind: 'file' | 'directory' | 'other'
  /** Rights, as in 0o755. */
  readonly mode: number
  readonly content: Buffer
}

/** @returns why krew would refuse to unpack it, or why its index would not take it; one sentence each */
export function entryProblems(entries: readonly ArchiveEntry[], bin: string): string[] {
  const problems = entries.flatMap(({ name, kind }) => [
    ...(kind === 'other' ? [`${name} is neither a file nor a directory`] : []),
    ...(name.includes('..') ? [`${name} has ".." in it`] : []),
    ...(/^[/\\]|^[a-z]:/i.test(name) ? [`${name} is absolute`] : []),
  ])
  const files = entries.filter(({ kind }) => kind === 'file')
  const program = files.find(({ name }) => name === bin)
  if (!program) problems.push(`${bin} is missing`)
  else if ((program.mode & 0o111) !== 0o111) problems.push(`${bin} is not executable`)
  if (!files.some(({ name }) => /^(license|licenses|copying)(\.txt|\.md)?$/i.test(name)))
    problems.push('no licence among the files')
  return problems
}
