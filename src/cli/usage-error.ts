/** As much of oclif's parse errors as is read here; those for missing arguments carry them. */
interface ParseError {
  readonly message: string
  readonly args?: readonly { readonly name: string }[]
}

/**
 * An error of oclif's argument parser as one line. Its own text spreads over several, the first of which
 * often says nothing: `The following error occurred:`, `Parsing --limit`.
 */
export function usageErrorText({ message, args }: ParseError): string {
  if (message.startsWith('Missing ') && args !== undefined && args.length > 0) {
    return `${args.map(({ name }) => name.toUpperCase()).join(' and ')} is missing`
  }
  return message
    .replace(/\nSee more help with --help$/, '')
    .replace(/^The following errors? occurred:/, '')
    .replace(/^Parsing (--[a-z-]+)/, '$1:')
    .replace(/^Nonexistent flags?:/, 'there is no flag')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^All of the following must be provided when using (--[a-z-]+):/, '$1 needs')
}
