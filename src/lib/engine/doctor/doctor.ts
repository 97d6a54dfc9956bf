import type { ApplicationSelection } from '../../cluster/applications.ts'
import { AnswerFacts } from '../../registry/answer-facts.ts'
import { systemClock } from '../../registry/clock.ts'
import type { ContextOptions } from '../open-context.ts'
import { clusterChecks, imageChecks, type Machine, machineChecks } from './checks.ts'
import { clockCheck } from './clock.ts'
import { examine } from './examine.ts'
import { CHECK_NAMES, type Finding } from './finding.ts'
import type { Right } from './rights.ts'
import { type RoleObject, rolesFor } from './roles.ts'
import { openStages, type Stages } from './stages.ts'

export interface DoctorOptions {
  readonly context: ContextOptions
  readonly selection: ApplicationSelection
  /** Milliseconds for each check. */
  readonly timeout: number
  readonly machine: Machine
  readonly onProgress: (done: number, all: number) => void
}

/** What the doctor found. */
export interface Diagnosis {
  readonly findings: readonly Finding[]
  /** '' where no kubeconfig could be used. */
  readonly context: string
  /** The roles that grant all that the commands make use of here, missing or not; none where that is not known. */
  readonly roles: readonly RoleObject[]
  /** Requests that went to registries and AWS, by host. */
  readonly requests: ReadonlyMap<string, number>
}

/** Milliseconds. */
const LONGEST_CONNECT = 10_000

/** Looks at everything a command depends on; nothing is written. What fails becomes a finding. */
export async function diagnose(options: DoctorOptions): Promise<Diagnosis> {
  const facts = new AnswerFacts(systemClock)
  const warnings: string[] = []
  const requests = new Map<string, number>()
  const context: ContextOptions = {
    ...options.context,
    onRegistryAnswer: (host, headers) => facts.note(host, headers),
    registryConnectTimeout: Math.min(options.timeout || LONGEST_CONNECT, LONGEST_CONNECT),
    warn: (text) => void warnings.push(text),
  }
  const stages = openStages(context, options.selection, options.timeout)
  const rights: Right[] = []
  try {
    const checks = [
      ...machineChecks(context, stages, options.machine),
      ...clusterChecks(context, stages, (wanted) => rights.push(...wanted)),
      ...imageChecks(context, stages, { facts, requests, timeout: options.timeout }),
    ]
    let done = 0
    const progress = () => options.onProgress(++done, checks.length)
    const others = checks.map((check) => examine([check], options.timeout, progress))
    const apiClock = noteApiClock(stages, facts)
    const clock = clockCheck(Promise.all([...others, apiClock]), facts.clocks)
    const found = await Promise.all([...others, examine([clock], options.timeout)])
    const engine = await stages.context.catch(() => undefined)
    for (const [host, count] of engine?.registry.requests ?? []) {
      requests.set(host, count + (requests.get(host) ?? 0))
    }
    return {
      findings: [...withoutRepeatedSkips(found.flat()), ...warnings.map(warned)].toSorted(
        (a, b) => CHECK_NAMES.indexOf(a.check) - CHECK_NAMES.indexOf(b.check),
      ),
      context: await stages.chosen.then(({ connection }) => connection.context).catch(() => ''),
      roles: rolesFor(rights),
      requests,
    }
  } finally {
    await stages.close()
  }
}

/** What opening cluster and registries warned of: a setting that is not used, a login others can read. */
function warned(text: string): Finding {
  return { check: 'registry', state: 'warn', subject: 'settings', message: text, remedy: '' }
}

/** What is looked at in several steps is skipped as a whole once. */
function withoutRepeatedSkips(findings: readonly Finding[]): Finding[] {
  const whole = ({ state, subject }: Finding) => state === 'skip' && subject === ''
  return findings.filter(
    (finding, index) =>
      !whole(finding) ||
      !findings.slice(0, index).some((before) => whole(before) && before.check === finding.check),
  )
}

/** The API server's clock, as its first answer told it. */
async function noteApiClock({ chosen, server }: Stages, facts: AnswerFacts): Promise<void> {
  const answer = await server.catch(() => undefined)
  const receivedAt = answer?.receivedAt
  if (answer?.date === undefined || receivedAt === undefined) return
  const { connection } = await chosen
  facts.clocks.set(new URL(connection.server).host, answer.date.getTime() - receivedAt.getTime())
}
