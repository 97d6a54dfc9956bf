import { homedir } from 'node:os'
import { applicationPath } from '../../lib/cluster/applications.ts'
import type { ClusterClient } from '../../lib/cluster/client.ts'
import { openCluster } from '../../lib/cluster/open-cluster.ts'
import { ClusterApplications } from '../../lib/engine/cluster-applications.ts'
import { imageNamesOf } from '../../lib/engine/image-names.ts'
import { loadManagedImages } from '../../lib/engine/load.ts'
import { cacheFolder } from '../../lib/state/cache-folder.ts'
import { ImageNames } from '../../lib/state/image-names.ts'
import { VERSION } from '../version.ts'
import { type Candidate, namesOf } from './answer.ts'
import type { CommandLine } from './command-line.ts'
import { connectionOf } from './connection-of.ts'

/** Applications as the command would name them: `shop`, or `team-a/shop` once a slash is typed. */
export function applicationNames(line: CommandLine, text: string, signal: AbortSignal): Promise<Candidate[]> {
  return withCluster(line, signal, async (client) => {
    const slash = text.indexOf('/')
    const namespace = slash < 0 ? client.target.namespace : text.slice(0, slash)
    const found = await client.list(applicationPath(namespace))
    const names = found.map(({ metadata }) =>
      slash < 0 ? metadata.name : `${metadata.namespace}/${metadata.name}`,
    )
    return namesOf(names.map(String).toSorted())
  })
}

export function namespaceNames(line: CommandLine, signal: AbortSignal): Promise<Candidate[]> {
  return withCluster({ ...line, flags: withoutNamespace(line.flags) }, signal, async (client) => {
    const found = await client.list({ group: '', version: 'v1', resource: 'namespaces' })
    return namesOf(found.map(({ metadata }) => String(metadata.name)).toSorted())
  })
}

/** The aliases of an Application, by its annotations and ImageUpdater resources; they are remembered for its tags. */
export function aliases(line: CommandLine, name: string, signal: AbortSignal): Promise<Candidate[]> {
  const slash = name.indexOf('/')
  const flags = slash < 0 ? line.flags : inNamespace(line.flags, name.slice(0, slash))
  return withCluster({ ...line, flags }, signal, async (client) => {
    const managed = await loadManagedImages(
      { allowCrossNamespaceSecrets: false, applications: new ClusterApplications(client) },
      { fieldSelector: `metadata.name=${name.slice(slash + 1)}` },
    )
    const applications = imageNamesOf(managed)
    await new ImageNames(cacheFolder(process.env, homedir())).remember(client.target, applications)
    return namesOf(applications.flatMap(({ repositories }) => [...repositories.keys()]))
  })
}

/** Never at a prompt and never heard: a credential plugin gets no terminal, and nobody sees what it says. */
async function withCluster<Result>(
  { flags }: CommandLine,
  signal: AbortSignal,
  ask: (client: ClusterClient) => Promise<Result>,
): Promise<Result> {
  const client = await openCluster(connectionOf(flags), process.env, {
    pluginMessages: () => {},
    signal,
    stdinIsTerminal: false,
    stdinTaken: () => 'completion cannot ask',
    version: VERSION,
    withoutTerminal: true,
  })
  try {
    return await ask(client)
  } finally {
    await client.close()
  }
}

/** All of them are listed, so which one would be taken need not be found out. */
function withoutNamespace(flags: CommandLine['flags']): CommandLine['flags'] {
  return new Map([...flags].filter(([name]) => name !== 'namespace')).set('all-namespaces', ['true'])
}

function inNamespace(flags: CommandLine['flags'], namespace: string): CommandLine['flags'] {
  return new Map(flags).set('namespace', [namespace]).set('all-namespaces', ['false'])
}
