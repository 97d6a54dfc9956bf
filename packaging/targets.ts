/** A machine the self-contained program is made for. */
export interface Target {
  /** As krew's selectors and Go name them. */
  readonly os: 'linux' | 'darwin' | 'windows'
  readonly arch: 'amd64' | 'arm64'
  /** The package of packaging/runtimes with the runtime that goes inside. */
  readonly runtime: string
  /** The runtime's file in that package. */
  readonly runtimeFile: 'bin/bun' | 'bin/bun.exe'
  /** As the compiler calls it. */
  readonly compilerTarget: string
  /** kubectl finds a plugin by this name. */
  readonly executable: 'kubectl-image_updater' | 'kubectl-image_updater.exe'
}

const posix = { runtimeFile: 'bin/bun', executable: 'kubectl-image_updater' } as const
const windows = { runtimeFile: 'bin/bun.exe', executable: 'kubectl-image_updater.exe' } as const

/**
 * The five that krew's users have. The plain x64 runtimes: in 1.4.5 those called "baseline" are the same files, byte
 * for byte, and run on processors without AVX2.
 */
export const TARGETS: readonly Target[] = [
  { os: 'linux', arch: 'amd64', runtime: '@oven/bun-linux-x64', compilerTarget: 'bun-linux-x64', ...posix },
  {
    os: 'linux',
    arch: 'arm64',
    runtime: '@oven/bun-linux-aarch64',
    compilerTarget: 'bun-linux-arm64',
    ...posix,
  },
  {
    os: 'darwin',
    arch: 'arm64',
    runtime: '@oven/bun-darwin-aarch64',
    compilerTarget: 'bun-darwin-arm64',
    ...posix,
  },
  {
    os: 'darwin',
    arch: 'amd64',
    runtime: '@oven/bun-darwin-x64',
    compilerTarget: 'bun-darwin-x64',
    ...posix,
  },
  {
    os: 'windows',
    arch: 'amd64',
    runtime: '@oven/bun-windows-x64',
    compilerTarget: 'bun-windows-x64',
    ...windows,
  },
]

/** `linux/amd64`, as an operator writes a platform. */
export function targetName({ os, arch }: Pick<Target, 'os' | 'arch'>): string {
  return `${os}/${arch}`
}

/** @throws when nothing is made for it */
export function targetNamed(name: string): Target {
  const target = TARGETS.find((candidate) => targetName(candidate) === name)
  if (target) return target
  throw new Error(`no target ${name}, there are ${TARGETS.map(targetName).join(', ')}`)
}

/** Of the machine this runs on. @throws when nothing is made for it */
export function ownTarget(): Target {
  const os = process.platform === 'win32' ? 'windows' : process.platform
  const arch = process.arch === 'x64' ? 'amd64' : process.arch
  return targetNamed(`${os}/${arch}`)
}
