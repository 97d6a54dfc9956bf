import { readFileSync } from 'node:fs'
import type { Target } from './targets.ts'

/** The plugin's name in krew: `kubectl image-updater`. */
export const PLUGIN = 'image-updater'

/** Without a leading v, `0.1.0`. */
export function packageVersion(): string {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version
}

/** As git and krew write it, `v0.1.0`. */
export function tagName(version = packageVersion()): string {
  return `v${version}`
}

/** What is downloaded for a machine. A zip on Windows, where everybody can open one. */
export function archiveName({ os, arch }: Pick<Target, 'os' | 'arch'>): string {
  return `kubectl-image_updater_${os}_${arch}.${os === 'windows' ? 'zip' : 'tar.gz'}`
}

/** The program alone, below packages/: `programs/linux-amd64/kubectl-image_updater`. Container builds look for it there. */
export function packedProgram({ os, arch, executable }: Target): string {
  return `programs/${os}-${arch}/${executable}`
}
