import type { Application } from '../../lib/application/application.ts'
import { applicationPath, getApplication } from '../../lib/cluster/applications.ts'
import type { ClusterClient } from '../../lib/cluster/client.ts'
import type { ConnectionFlags } from '../../lib/cluster/connection-flags.ts'
import { openCluster } from '../../lib/cluster/open-cluster.ts'
import { parseImageReference, repositoryName } from '../../lib/image/reference.ts'
import { ANNOTATION_PREFIX } from '../../lib/rules/annotation-keys.ts'
import { readImageList } from '../../lib/rules/image-list.ts'
import { VERSION } from '../version.ts'
import { type Candidate, namesOf } from './answer.ts'
import type { CommandLine } from './command-line.ts'

/** An image of an Application, by the name that commands take. */
export interface NamedImage {
  readonly alias: string
  /** With its registry, where the rule names one. */
  readonly repository: string
  /** Tags of it that the Application runs. */
  readonly running: readonly string[]
}

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

/** The images that the annotations of an Application name. */
export function imagesOf(line: CommandLine, name: string, signal: AbortSignal): Promise<NamedImage[]> {
  return withCluster(line, signal, async (client) => {
    const slash = name.indexOf('/')
    const namespace = slash < 0 ? client.target.namespace : name.slice(0, slash)
    if (namespace !== '')
      return annotatedImages(await getApplication(client, namespace, name.slice(slash + 1)))
    const found = await client.list(applicationPath(''), { fieldSelector: `metadata.name=${name}` })
    return found.flatMap((object) => annotatedImages(object as Application))
  })
}

function annotatedImages({ metadata, status }: Application): NamedImage[] {
  const live = (status?.summary?.images ?? []).map(parseImageReference)
  return readImageList(metadata.annotations?.[`${ANNOTATION_PREFIX}image-list`] ?? '').flatMap((read) => {
    if ('error' in read) return []
    const repository = repositoryName(read.entry.image)
    const running = live.filter((image) => repositoryName(image) === repository).map(({ tag }) => tag)
    return [{ alias: read.entry.alias || repository, repository, running: running.filter(Boolean) }]
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
  })
  try {
    return await ask(client)
  } finally {
    await client.close()
  }
}

function connectionOf(flags: CommandLine['flags']): ConnectionFlags {
  const repeated = new Set(['as-group', 'as-user-extra'])
  const switches = new Set(['all-namespaces', 'insecure-skip-tls-verify'])
  return Object.fromEntries(
    [...flags].map(([name, values]) => {
      if (repeated.has(name)) return [name, values]
      return [name, switches.has(name) ? values.at(-1) === 'true' : values.at(-1)]
    }),
  )
}

/** All of them are listed, so which one would be taken need not be found out. */
function withoutNamespace(flags: CommandLine['flags']): CommandLine['flags'] {
  return new Map([...flags].filter(([name]) => name !== 'namespace')).set('all-namespaces', ['true'])
}
