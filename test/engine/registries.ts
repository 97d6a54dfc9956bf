import { SecretReader } from '../../src/lib/cluster/secrets.ts'
import {
  configureRegistries,
  type FoundRegistries,
  vouchedRegistries,
} from '../../src/lib/engine/registries-conf.ts'
import { ruleScope } from '../../src/lib/engine/registry-credentials.ts'
import type { RegistryAccessOptions } from '../../src/lib/registry/access.ts'
import { inScope } from '../../src/lib/registry/in-scope.ts'
import type { RegistryAccess } from '../../src/lib/registry/registry.ts'
import { ANNOTATION_PREFIX } from '../../src/lib/rules/annotation-keys.ts'
import { readAnnotationRules } from '../../src/lib/rules/annotations.ts'
import { parseRegistriesConf } from '../../src/lib/rules/registries-conf/parse.ts'
import type { UpdateRule } from '../../src/lib/rules/update-rule.ts'
import { type Opened, open } from '../registry/opened.ts'
import type { ObjectCluster } from './credential-world.ts'

const NOTHING: FoundRegistries = { entries: [], trusted: false }

/** What an operator wrote in a file of their own. */
export function ownFile(text: string): FoundRegistries {
  return { entries: parseRegistriesConf(text, 'registries.conf'), trusted: true }
}

export interface World extends Opened {
  readonly secrets: SecretReader
  /** The registries as the rule of this image, with this pull-secret annotation, asks them. */
  asking(image: string, pullSecret: string): { access: RegistryAccess; rule: UpdateRule }
}

export interface WorldOptions {
  readonly found?: FoundRegistries
  readonly env?: Readonly<Record<string, string>>
  readonly log?: (line: string) => void
  readonly options?: Partial<RegistryAccessOptions>
}

/** Plain-http registries on loopback and a cluster, wired as for a command. */
export function world(
  cluster: ObjectCluster,
  hosts: readonly string[],
  { found = NOTHING, env = {}, log, options = {} }: WorldOptions = {},
): World {
  const secrets = new SecretReader(cluster)
  const clock = { now: () => 0, sleep: () => new Promise<void>(() => {}), random: () => 0.5 }
  const registries = configureRegistries(found, { env, clock, secrets, programTimeout: 10_000, log })
  const opened = open(hosts, { registries, ...options })
  const vouched = vouchedRegistries(found.entries, hosts)
  return {
    ...opened,
    secrets,
    asking(image, pullSecret) {
      const annotations = {
        [`${ANNOTATION_PREFIX}image-list`]: `app=${image}`,
        [`${ANNOTATION_PREFIX}app.pull-secret`]: pullSecret,
      }
      const { rules, problems } = readAnnotationRules({
        metadata: { name: 'shop', namespace: 'argocd', annotations },
      })
      const [rule] = rules
      if (rule === undefined) throw new Error(problems[0]?.problem)
      const scope = ruleScope(rule, secrets, vouched)
      return { access: scope ? inScope(opened.access, scope) : opened.access, rule }
    },
  }
}
