// Writes docs/commands.md from the command manifest that the build makes. `npm run docs` builds first.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type DescribedFlag, flagMeaning, flagNotation } from '../src/cli/help/flag-help.ts'

interface ManifestCommand {
  readonly id: string
  readonly summary: string
  readonly description?: string
  readonly usage?: string
  readonly args: Readonly<
    Record<string, { readonly name: string; readonly description?: string; readonly required?: boolean }>
  >
  readonly flags: Readonly<Record<string, DescribedFlag>>
  readonly examples?: readonly { readonly command: string; readonly description: string }[]
}

/** As much of oclif's manifest as the reference shows. */
export interface CommandManifest {
  readonly commands: Readonly<Record<string, ManifestCommand>>
}

const BIN = 'kubectl image-updater'
/** Groups of flags that most commands share, described once. */
const SHARED_GROUPS: readonly (readonly [group: string, title: string, text: string])[] = [
  ['REGISTRIES', 'Registry flags', 'Registries that you vouch for. Nothing in a cluster can set these.'],
  ['OUTPUT', 'Output flags', 'Data goes to stdout, everything else to stderr.'],
  ['CONNECTION', 'Connection flags', 'By kubectl’s names and with kubectl’s meanings.'],
]
const INTRODUCTION = `# Commands

<!-- Made by scripts/command-reference.ts from the commands themselves. Change those, then: npm run docs -->

Flags are read as kubectl reads them: \`--flag value\` and \`--flag=value\` mean the same, a switch may be given as
\`--flag=false\`, the last of two wins, and flags may stand before the command. Exit codes are listed
[at the end](#exit-codes). TAB completes them: see [completion](completion.md).

Behind \`=\` stands the default, as in kubectl's own help. A word in capitals stands there where the default is decided when
the command runs; the text says how.
`
const EXIT_CODES = `## Exit codes

| Code | Meaning |
|---|---|
| 0 | done; nothing failed |
| 1 | an error, or an image that could not be looked at. With \`check --exit-code\`: updates are available. With \`lint --exit-code\`: findings |
| 2 | with \`--exit-code\`: an error |
| 129, 130, 143 | stopped by SIGHUP, Ctrl-C (SIGINT) or SIGTERM; \`watch\` ends with 0 after SIGTERM |
| 141 | whoever reads the output closed it, as \`\\| head\` does: as kubectl, which SIGPIPE ends |
`

/** The whole page, from the manifest. */
export function commandReference({ commands }: CommandManifest): string {
  const all = Object.values(commands).toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const contents = all.map(({ id, summary }) => `| [\`${id}\`](#${id}) | ${inCell(summary)} |`)
  return [
    INTRODUCTION,
    ['| Command | What it does |', '|---|---|', ...contents, ''].join('\n'),
    ...all.map((command) => commandSection(command, all)),
    ...SHARED_GROUPS.map(([group, title, text]) =>
      [`## ${title}`, '', text, '', ...flagTable(flagsOfGroup(all, group)), ''].join('\n'),
    ),
    EXIT_CODES,
  ].join('\n')
}

function commandSection(command: ManifestCommand, all: readonly ManifestCommand[]): string {
  const { args, flags, summary, description, examples = [] } = command
  const argumentList = Object.values(args)
  const shared = SHARED_GROUPS.filter(([group]) =>
    flagsOfGroup(all, group).every(({ name }) => Object.hasOwn(flags, name)),
  )
  const own = Object.values(flags).filter(
    ({ helpGroup, hidden }) => !hidden && !shared.some(([group]) => group === (helpGroup ?? '')),
  )
  const links = shared.map(
    ([, title]) => `[${title.toLowerCase()}](#${title.toLowerCase().replace(' ', '-')})`,
  )
  return [
    `## ${command.id}`,
    '',
    `${summary}.${description ? ` ${description}` : ''}`,
    '',
    '```',
    `${BIN} ${usage(command)}`,
    '```',
    '',
    ...argumentList.flatMap(({ name, description: text }) => [
      `\`${name.toUpperCase()}\`: ${inCell(text ?? '')}.`,
      '',
    ]),
    ...(own.length > 0 ? [...flagTable(own), ''] : []),
    ...(links.length > 0 ? [`Also the ${links.join(', ')}.`, ''] : []),
    ...exampleBlock(examples),
  ].join('\n')
}

function usage({ id, args, usage: written }: ManifestCommand): string {
  if (written !== undefined) return written
  const names = Object.values(args).map(({ name, required }) =>
    required ? name.toUpperCase() : `[${name.toUpperCase()}]`,
  )
  return [id, ...names, '[flags]'].join(' ')
}

function exampleBlock(examples: ManifestCommand['examples'] & object): string[] {
  if (examples.length === 0) return []
  const lines = examples.flatMap(({ command, description }) => [
    `# ${description}`,
    command.replace('<%= config.bin %>', BIN),
  ])
  return ['```sh', ...lines, '```', '']
}

/** The flags of a group that any command has, each once. */
function flagsOfGroup(all: readonly ManifestCommand[], group: string): DescribedFlag[] {
  const found = new Map<string, DescribedFlag>()
  for (const { flags } of all) {
    for (const flag of Object.values(flags)) if (flag.helpGroup === group) found.set(flag.name, flag)
  }
  return [...found.values()]
}

function flagTable(flags: readonly DescribedFlag[]): string[] {
  const rows = flags
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((flag) => `| \`${flagNotation(flag)}\` | ${inCell(flagMeaning(flag))} |`)
  return ['| Flag | Meaning |', '|---|---|', ...rows]
}

/** As one cell of a table; a bare < would be taken for HTML. */
function inCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const manifest = readFileSync(new URL('../dist/manifest.json', import.meta.url), 'utf8')
  writeFileSync(
    new URL('../docs/commands.md', import.meta.url),
    commandReference(JSON.parse(manifest) as CommandManifest),
  )
}
