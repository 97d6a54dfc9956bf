import { homedir } from 'node:os'
import { amount } from '../../lib/amount.ts'
import { operatorRegistries } from '../../lib/cluster/operator-registries.ts'
import { digitsOnlyWarning } from '../../lib/engine/digits-only.ts'
import { configureRegistries, readRegistriesFile } from '../../lib/engine/registries-conf.ts'
import type { TagReport } from '../../lib/engine/tag-rows.ts'
import { openRegistryAccess } from '../../lib/registry/access.ts'
import { systemClock } from '../../lib/registry/clock.ts'
import type { ConfiguredRegistry } from '../../lib/registry/configured-registry.ts'
import type { RegistryAccess } from '../../lib/registry/registry.ts'
import { readFlagRule } from '../../lib/rules/flags.ts'
import type { UpdateRule } from '../../lib/rules/update-rule.ts'
import { type ColourMode, chooseColour, type Paint } from '../../lib/terminal/colour.ts'
import { printable } from '../../lib/terminal/escape.ts'
import { type OutputFormat, parseOutputFormat } from '../../lib/terminal/output.ts'
import { problemTexts } from '../../lib/terminal/rule-problems.ts'
import { outputsAreOne } from '../../lib/terminal/same-place.ts'
import { durationFlag } from '../flags/duration.ts'
import { CREDENTIAL_TIMEOUT } from '../flags/shared.ts'
import { VERSION } from '../version.ts'
import { warn } from './session.ts'

interface TagFlags {
  readonly strategy?: string | undefined
  readonly constraint?: string | undefined
  readonly 'allow-tags'?: string | undefined
  readonly 'ignore-tags'?: string | undefined
  readonly 'tag-filter'?: string | undefined
  readonly 'tag-pattern'?: string | undefined
  readonly platforms?: string | undefined
  readonly kubeconfig?: string | undefined
  readonly context?: string | undefined
  readonly output?: string | undefined
  readonly 'allow-missing-template-keys'?: boolean | undefined
  readonly color: ColourMode
  readonly 'plain-http-registry'?: readonly string[] | undefined
  readonly 'allow-registry'?: readonly string[] | undefined
  readonly 'trust-token-server'?: readonly string[] | undefined
  readonly 'registries-conf'?: string | undefined
  readonly 'credential-timeout'?: string | undefined
}

/** A registry and a rule made of flags: no cluster is asked. */
export interface TagSession {
  readonly registry: RegistryAccess
  readonly rule: UpdateRule
  readonly format: OutputFormat
  readonly paint: Paint
  /** Warnings about what won, and the line above the table. */
  header(report: TagReport): void
  /** The line below it. */
  footer(text: string): void
}

/** @throws RuleFlagError naming the flag that is wrong */
export async function openTagSession(image: string, flags: TagFlags): Promise<TagSession> {
  const format = await parseOutputFormat(flags.output, flags['allow-missing-template-keys'])
  const { rule, warnings } = readFlagRule(image, {
    ...given('strategy', flags.strategy),
    ...given('constraint', flags.constraint),
    ...given('allowTags', flags['allow-tags']),
    ...given('tagFilter', flags['tag-filter']),
    ...given('tagPattern', flags['tag-pattern']),
    ...given('ignoreTags', flags['ignore-tags']?.split(',')),
    ...given('platforms', flags.platforms?.split(',')),
  })
  for (const warning of problemTexts(warnings)) warn(warning)
  // The kubeconfig is only looked into for registries that its owner vouches for (the sandbox's, say).
  const plainHttp = await operatorRegistries(flags, process.env)
  const registry = openRegistryAccess({
    registries: await registriesOf(flags),
    allowedHosts: flags['allow-registry'] ?? [],
    trustedRealms: flags['trust-token-server'] ?? [],
    env: process.env,
    home: homedir(),
    plainHttpHosts: [...(flags['plain-http-registry'] ?? []), ...plainHttp],
    userAgent: `kubectl-image-updater/${VERSION}`,
    warn,
  })
  const tell = (line: string) => {
    if (format.kind === 'table' || format.kind === 'wide') process.stderr.write(`${line}\n`)
  }
  return {
    footer: (text) => tell(`${outputsAreOne() ? '\n' : ''}${printable(text)}`),
    format,
    header: (report) => {
      const digitsOnly = digitsOnlyWarning(rule, report.scan, '')
      for (const warning of problemTexts(digitsOnly ? [digitsOnly] : [])) warn(warning)
      const requests = [...registry.requests.values()].reduce((sum, count) => sum + count, 0)
      const looked = `${report.image} · ${report.scan.via} · ${amount(requests, 'request')}`
      tell(`${printable(looked)}${outputsAreOne() ? '\n' : ''}`)
    },
    paint: chooseColour(flags.color, process.stdout, process.env),
    registry,
    rule,
  }
}

/** The operator's own registries.conf. Secrets that it names are in a cluster, and none is asked. */
async function registriesOf(flags: TagFlags): Promise<ConfiguredRegistry[]> {
  if (!flags['registries-conf']) return []
  const found = await readRegistriesFile(flags['registries-conf'], warn)
  for (const { name, credentials } of found.entries) {
    if (credentials?.source.type !== 'pullsecret' && credentials?.source.type !== 'secret') continue
    warn(`tags asks no cluster: ${credentials.text} of "${name}" is not read, and your own login is used`)
  }
  return configureRegistries(found, {
    env: process.env,
    clock: systemClock,
    programTimeout: durationFlag('--credential-timeout', flags['credential-timeout'] ?? CREDENTIAL_TIMEOUT),
  })
}

function given<Name extends string, Value>(name: Name, value: Value | undefined): { [key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { [key in Name]: Value })
}
