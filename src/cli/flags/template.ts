import { UserError } from '../../lib/errors.ts'

/** `-o` has a template already. */
export class TemplateFlagError extends UserError {}

/** Formats that take no argument. With them kubectl passes over `--template`. */
const PLAIN = ['json', 'yaml', 'name', 'wide']

/**
 * kubectl's `--template=TEXT` as the argument of `-o`: `-o jsonpath --template=TEXT` is `-o jsonpath=TEXT`, and
 * without `-o` it is a Go template.
 *
 * @param args as `likeKubectl` writes them: `--name=value`
 * @throws TemplateFlagError where `-o` has an argument of its own
 */
export function templateInOutput(args: readonly string[]): string[] {
  const end = args.indexOf('--')
  const flags = end < 0 ? args : args.slice(0, end)
  const written = flagValue(flags, 'template')
  if (written === undefined) return [...args]
  const output = flagValue(flags, 'output') ?? ''
  if (written !== '' && output.includes('='))
    throw new TemplateFlagError(
      `-o ${output.slice(0, output.indexOf('='))}=… and --template are two templates`,
      'Leave one of them out',
    )
  const others = (words: readonly string[]) => words.filter((word) => !word.startsWith('--template='))
  if (written === '' || PLAIN.includes(output)) return [...others(flags), ...args.slice(flags.length)]
  const rest = others(flags).filter((word) => !word.startsWith('--output='))
  return [...rest, `--output=${output || 'go-template'}=${written}`, ...args.slice(flags.length)]
}

function flagValue(flags: readonly string[], name: string): string | undefined {
  return flags.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3)
}
