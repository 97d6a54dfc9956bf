import type { ClusterClient } from '../../cluster/client.ts'
import { imageUpdatersPath } from '../../cluster/image-updaters.ts'
import type { FolderState } from '../../machine/folder-state.ts'
import type { AnswerFacts } from '../../registry/answer-facts.ts'
import { cacheFolder } from '../../state/cache-folder.ts'
import type { ContextOptions } from '../open-context.ts'
import { readClusterRegistries } from '../registries-conf.ts'
import { applicationsCheck } from './applications.ts'
import { argoCdCheck } from './argo-cd.ts'
import { awsFindings, ecrHosts } from './aws.ts'
import { cacheCheck } from './cache.ts'
import { clusterCheck } from './cluster.ts'
import type { Check, Need } from './examine.ts'
import { gitCheck } from './git.ts'
import { kubeconfigCheck, namespaceFinding } from './kubeconfig.ts'
import { registryFindings } from './registries.ts'
import { rightsCheck } from './right-findings.ts'
import type { Right } from './rights.ts'
import { rightsWanted } from './rights-wanted.ts'
import type { Stages } from './stages.ts'
import { entrySecrets, wantedInUsualPlace } from './usual-place.ts'
import { type ProgramVersions, versionsCheck } from './versions.ts'
import { otherWriters } from './writers.ts'

/** What is around the program on this machine. */
export interface Machine extends ProgramVersions {
  /** What `git --version` prints; undefined when there is none. */
  git(): Promise<string | undefined>
  folderState(folder: string): Promise<FolderState>
}

/** What is noted while registries and AWS are asked. */
export interface Notes {
  readonly facts: AnswerFacts
  /** Requests to AWS, by host. */
  readonly requests: Map<string, number>
  /** Milliseconds for each registry. */
  readonly timeout: number
}

/** What needs no cluster. */
export function machineChecks({ env, home }: ContextOptions, { loaded }: Stages, machine: Machine): Check[] {
  const folder = cacheFolder(env, home)
  const images = loaded.catch(() => undefined)
  return [
    versionsCheck(machine),
    { ...gitCheck(() => machine.git(), images), needs: { what: 'rules', ready: settled(loaded) } },
    cacheCheck(folder, (one) => machine.folderState(one)),
  ]
}

/** What the API server is asked. @param onRights told the rights that are wanted */
export function clusterChecks(
  options: ContextOptions,
  stages: Stages,
  onRights: (rights: readonly Right[]) => void,
): Check[] {
  const { chosen, client, context, loaded, server } = stages
  const answering: Need = { what: 'an API server that answers', ready: server.then(() => settled(loaded)) }
  const chosenFirst: Need = {
    what: 'a kubeconfig that can be used',
    ready: chosen.then(() => settled(server)),
  }
  const wanted = async () => {
    const [one, found] = await Promise.all([client, loaded.catch(() => undefined)])
    const ownConf = options.registriesConf !== ''
    const [imageUpdaters, inUsualPlace, registries] = await Promise.all([
      one.serves(imageUpdatersPath('')),
      wantedInUsualPlace(one, ownConf),
      // What keeps it from being read is told with the registries.
      ownConf ? undefined : clusterRegistries(one, options).catch(() => undefined),
    ])
    const rights = rightsWanted(found, one, { imageUpdaters, ...inUsualPlace })
    const secrets = [...rights.secrets, ...entrySecrets(registries?.entries ?? [])]
    return { ...rights, secrets, watchesRollouts: true }
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
    rightsCheck(answering, client, wanted, onRights),
  ]
}

function clusterRegistries(
  client: ClusterClient,
  { allowCrossNamespaceSecrets }: ContextOptions,
): ReturnType<typeof readClusterRegistries> {
  return readClusterRegistries(client, allowCrossNamespaceSecrets, () => undefined)
}

/** What images and rules are about. */
export function imageChecks(
  { env, version }: ContextOptions,
  { client, context, loaded }: Stages,
  { facts, requests, timeout }: Notes,
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

/** A step that came or failed: whoever waits for it looks at it afterwards. */
async function settled(step: Promise<unknown>): Promise<void> {
  await step.catch(() => undefined)
}
