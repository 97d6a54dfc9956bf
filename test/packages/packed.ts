import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { archiveName } from '../../packaging/release-names.ts'
import type { Target } from '../../packaging/targets.ts'

/** What `npm run pack` has made. */
const PACKAGES = fileURLToPath(new URL('../../packages/', import.meta.url))

export function packedPath(name: string): string {
  return `${PACKAGES}${name}`
}

export function packedText(name: string): string {
  return readFileSync(packedPath(name), 'utf8')
}

export function archivePath(target: Target): string {
  return packedPath(archiveName(target))
}

export function npmTarball(): string {
  const [tarball, ...more] = globSync('npm/*.tgz', { cwd: PACKAGES })
  if (tarball === undefined || more.length > 0) throw new Error('npm run pack makes one tarball for npm')
  return packedPath(tarball)
}
