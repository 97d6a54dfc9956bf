import { styleText } from 'node:util'

export type ColourMode = 'auto' | 'always' | 'never'
type Style = Parameters<typeof styleText>[0]

/** Paints text, or leaves it alone; decided once per run. Colour is a second signal, never the only one. */
export type Paint = (style: Style, text: string) => string

/**
 * Colour only on a terminal with TERM other than `dumb` and no NO_COLOR in the environment (its presence
 * counts, not its value), unless `--color` says otherwise.
 */
export function chooseColour(
  mode: ColourMode,
  stream: { readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>>,
): Paint {
  const automatic =
    stream.isTTY === true && environment['TERM'] !== 'dumb' && environment['NO_COLOR'] === undefined
  const coloured = mode === 'always' || (mode === 'auto' && automatic)
  return coloured
    ? (style, text) => styleText(style, text, { validateStream: false })
    : (_style, text) => text
}
