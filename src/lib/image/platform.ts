import { UserError } from '../errors.ts'

/** What an image is built for, in the OCI index's own words. `variant` is '' when none is stated. */
export interface Platform {
  readonly os: string
  readonly architecture: string
  readonly variant: string
}

export class PlatformError extends UserError {}

/**
 * Reads `os/arch[/variant]`; surrounding blanks are dropped, case is kept because registries' own words
 * are compared. Empty parts are kept too: they match nothing a registry offers.
 *
 * @throws PlatformError when there is no `/`.
 */
export function parsePlatform(text: string): Platform {
  const [os = '', architecture, ...variant] = text.trim().split('/')
  if (architecture === undefined) {
    throw new PlatformError(
      `"${text}" is not a platform: it has no architecture`,
      'Write os/arch or os/arch/variant, for example linux/amd64 or linux/arm64/v8',
    )
  }
  return { os, architecture, variant: variant.join('/') }
}

/** `linux/arm64/v8`, or `linux/amd64` when there is no variant. */
export function formatPlatform(platform: Platform): string {
  const { os, architecture, variant } = platform
  return variant === '' ? `${os}/${architecture}` : `${os}/${architecture}/${variant}`
}

/**
 * Whether one of the wanted platforms is served by what is offered. A wanted platform without variant
 * takes any variant, one with a variant takes exactly that. An empty list wants nothing in particular.
 */
export function platformMatches(wanted: readonly Platform[], offered: Platform): boolean {
  return (
    wanted.length === 0 ||
    wanted.some(
      (platform) =>
        platform.os === offered.os &&
        platform.architecture === offered.architecture &&
        (platform.variant === '' || platform.variant === offered.variant),
    )
  )
}
