import type { ApplicationSelection } from '../../cluster/applications.ts'
import { imageUpdatersPath } from '../../cluster/image-updaters.ts'
import type { FolderState } from '../../machine/folder-state.ts'
import { defaultCacheDir } from '../../registry/access.ts'
import { AnswerFacts } from '../../registry/answer-facts.ts'
import { systemClock } from '../../registry/clock.ts'
import type { ContextOptions } from '../open-context.ts'
import { applicationsCheck } from './applications.ts'
import { argoCdCheck } from './argo-cd.ts'
import { awsFindings, ecrHosts } from './aws.ts'
import { cacheCheck } from './cache.ts'
import { clockCheck } from './clock.ts'
import { clusterCheck } from './cluster.ts'
import { type Check, examine, type Need } from './examine.ts'
import type { Finding } from './finding.ts'
import { gitCheck } from './git.ts'
import { kubeconfigCheck, namespaceFinding } from './kubeconfig.ts'
import { registryFindings } from './registries.ts'
import { rightsCheck } from './right-findings.ts'
import type { Right } from './rights.ts'
import { rightsWanted } from './rights-wanted.ts'
import { type RoleObject, rolesFor } from './roles.ts'
import { openStages, type Stages } from './stages.ts'
import { type ProgramVersions, versionsCheck } from './versions.ts'
import { otherWriters } from './writers.ts'

export interface DoctorOptions {
  readonly context: ContextOptions
  readonly selection: ApplicationSelection
  /** Milliseconds for each check. */
  readonly timeout: number
  readonly machine: Machine
  readonly onProgress: (done: number, all: number) => void
}

/** What is around the program on this machine. */
export interface Machine extends ProgramVersions {
  /** What `git --version` prints; undefined when there is none. */
  git(): Promise<string | undefined>
  folderState(folder: string): Promise<FolderState>
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
      ...machineChecks(options, stages),
      ...clusterChecks(options, stages, rights),
      ...imageChecks(options, stages, facts, requests),
    ]
    let done = 0
    const progress = () => options.onProgress(++done, checks.length)
    const others = checks.map((check) => examine([check], options.timeout, progress))
    const apiClock = noteApiClock(stages, facts)
    const clock = clockCheck(Promise.all([...others, apiClock]), facts.clocks)
    const found = await Promise.all([...others, examine([clock], options.timeout)])
    const engine = await stages.context.catch(() => undefined)
    for (const [host, count] of engine?.registry.requests ?? []) requests.set(host, count)
    return {
      findings: [...withoutRepeatedSkips(found.flat()), ...warnings.map(warned)].toSorted(
        (a, b) => ORDER.indexOf(a.check) - ORDER.indexOf(b.check),
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

/** A step that came or failed: whoever waits for it looks at it afterwards. */
async function settled(step: Promise<unknown>): Promise<void> {
  await step.catch(() => undefined)
}

/** As they are printed: from the machine outwards. */
const ORDER: readonly Finding['check'][] = [
  'versions',
  'git',
  'cache',
  'clock',
  'kubeconfig',
  'cluster',
  'argo-cd',
  'rights',
  'registry',
  'aws',
  'writers',
]

function machineChecks({ context, machine }: DoctorOptions, { loaded }: Stages): Check[] {
  const folder = defaultCacheDir(context.env, context.home)
  const images = loaded.catch(() => undefined)
  return [
    versionsCheck(machine),
    { ...gitCheck(() => machine.git(), images), needs: { what: 'rules', ready: settled(loaded) } },
    cacheCheck(folder, (one) => machine.folderState(one)),
  ]
}

function clusterChecks({ context: options }: DoctorOptions, stages: Stages, rights: Right[]): Check[] {
  const { chosen, client, context, loaded, server } = stages
  const answering: Need = { what: 'an API server that answers', ready: server.then(() => settled(loaded)) }
  const chosenFirst: Need = {
    what: 'a kubeconfig that can be used',
    ready: chosen.then(() => settled(server)),
  }
  const wanted = async () => {
    const [one, found] = await Promise.all([client, loaded.catch(() => undefined)])
    const imageUpdaters = await one.serves(imageUpdatersPath(''))
    return rightsWanted(found, one, { imageUpdaters, registriesConf: options.registriesConf === '' })
  }
  return [
    kubeconfigCheck(chosen, options.connection, () => new Date()),
    {
      name: 'kubeconfig',
      needs: { what: 'a namespace', ready: settled(client) },
      // Without an answer the namespace may not be settled; nobody misses the line then.
      run: async () => client.then(({ target }) => [namespaceFinding(target)]).catch(() => []),
    },
    clusterCheck(chosenFirst, stages),
    argoCdCheck(answering, stages),
    applicationsCheck(
      { what: 'cluster and registries that can be opened', ready: context.then(() => settled(loaded)) },
      stages,
    ),
    rightsCheck(answering, client, wanted, (found) => rights.push(...found)),
  ]
}

function imageChecks(
  { context: { env, version }, timeout }: DoctorOptions,
  { client, context, loaded }: Stages,
  facts: AnswerFacts,
  requests: Map<string, number>,
): Check[] {
  const readable: Need = { what: 'Applications that can be read', ready: loaded }
  return [
    {
      name: 'registry',
      needs: { what: 'an API server that answers', ready: client.then(() => settled(loaded)) },
      limitsItself: true,
      run: async () => {
        // What keeps the registries from being opened, such as a registries.conf, is told here.
        const engine = await context
        const images = await loaded.then((one) => one.images).catch(() => undefined)
        return registryFindings(images, { context: engine, budgets: facts.budgets, timeout })
      },
    },
    {
      name: 'aws',
      needs: { what: 'rules', ready: settled(loaded) },
      // Only who has ECR images has something to do with AWS.
      run: async (signal) => {
        const images = await loaded.then((one) => one.images).catch(() => [])
        return awsFindings(ecrHosts(images), env['AWS_PROFILE'], async (region) => {
          const { awsIdentity } = await import('../../registry/aws-identity.ts')
          const userAgent = `kubectl-image-updater/${version}`
          const onRequest = (host: string) => void requests.set(host, (requests.get(host) ?? 0) + 1)
          const onAnswer = (host: string, headers: Readonly<Record<string, string>>) =>
            facts.note(host, headers)
          return awsIdentity({ region, env, userAgent, onRequest, onAnswer }, signal)
        })
      },
    },
    {
      name: 'writers',
      needs: readable,
      run: async () => otherWriters(await loaded, await client),
    },
  ]
}

/** The API server's clock, as its first answer told it. */
async function noteApiClock({ chosen, server }: Stages, facts: AnswerFacts): Promise<void> {
  const answer = await server.catch(() => undefined)
  const receivedAt = answer?.receivedAt
  if (answer?.date === undefined || receivedAt === undefined) return
  const { connection } = await chosen
  facts.clocks.set(new URL(connection.server).host, answer.date.getTime() - receivedAt.getTime())
}
