import { expect, it } from 'vitest'
import { commandTable } from '../../src/cli/command-table.ts'
import { pages } from './markdown.ts'

/** Flags of other programs that the pages name. */
const OF_OTHERS: Readonly<Record<string, readonly string[]>> = {
  'argocd-image-updater': [
    'argocd-namespace',
    'disable-kube-events',
    'enable-webhook',
    'git-commit-email',
    'git-commit-message-path',
    'git-commit-method',
    'git-commit-sign-off',
    'git-commit-signing-key',
    'git-commit-signing-method',
    'git-commit-user',
    'health-probe-bind-address',
    'leader-election',
    'logformat',
    'loglevel',
    'match-application-label',
    'match-application-name',
    'max-concurrent-apps',
    'metrics-bind-address',
    'registries-conf-path',
    'warmup-cache',
    'watch-namespaces',
  ],
  aws: ['cluster-name', 'profile', 'role-arn', 'service-account'],
  codesign: ['verify'],
  gh: ['repo'],
  git: ['format', 'parse'],
  krew: ['archive', 'manifest', 'manifest-url'],
  kubectl: ['from-literal', 'overwrite', 'server-side', 'type'],
  npm: ['global', 'ignore-scripts', 'no-git-tag-version', 'provenance'],
  sha256sum: ['check', 'ignore-missing'],
}
const FLAG = /(?<![\w-])--([a-z][a-z0-9-]*)/g

/** Flags by command, with the `--no-…` of those that have one. */
const flagsOf = new Map<string, ReadonlySet<string>>()
for (const [command, load] of Object.entries(commandTable)) {
  const { flags = {} } = (await load()).default
  const names = Object.entries(flags).flatMap(([name, flag]) =>
    'allowNo' in flag && flag.allowNo ? [name, `no-${name}`] : [name],
  )
  flagsOf.set(command, new Set([...names, 'help']))
}
const ours = new Set([...flagsOf.values()].flatMap((names) => [...names]))
const others = new Set(Object.values(OF_OTHERS).flat())

// What docs/commands.md says is made from the commands.
const written = pages().filter(({ file }) => file !== 'docs/commands.md')
const texts = written.flatMap(({ file, prose, blocks }) =>
  [...prose, ...blocks.flatMap(({ text }) => text.split('\n'))].map((text) => ({ file, text })),
)

it('every flag that a page names exists', () => {
  const unknown = texts.flatMap(({ file, text }) =>
    [...text.matchAll(FLAG)]
      .filter(([, name = '']) => !ours.has(name) && !others.has(name))
      .map(([flag]) => `${file}: ${flag}`),
  )
  expect(unknown).toEqual([])
})

it('a flag that prose names with a command belongs to it: `watch --lease`', () => {
  const named = written.flatMap(({ file, prose }) =>
    [...prose.join('\n').matchAll(/`(?:kubectl image-updater )?([a-z]+) ([^`\n]*)`/g)].map(
      ([text, command = '', rest = '']) => ({ command, file, rest, text }),
    ),
  )
  const wrong = named.flatMap(({ command, file, rest, text }) => {
    const flags = flagsOf.get(command)
    const used = [...rest.matchAll(FLAG)].map(([, name = '']) => name)
    return flags && used.some((name) => !flags.has(name)) ? [`${file}: ${text}`] : []
  })
  expect(wrong).toEqual([])
  expect(
    named.filter(({ command, rest }) => flagsOf.has(command) && rest.includes('--')).length,
  ).toBeGreaterThan(20)
})

it('no flag of another program is kept here that no page names', () => {
  const used = new Set(texts.flatMap(({ text }) => [...text.matchAll(FLAG)].map(([, name = '']) => name)))
  expect([...others].filter((name) => !used.has(name))).toEqual([])
})
