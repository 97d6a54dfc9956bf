import { untilAborted } from '../../lib/engine/until-aborted.ts'
import { type Candidate, namesOf } from './answer.ts'
import type { CommandLine } from './command-line.ts'
import type { NamedSource } from './table.ts'

/** The names that a kubeconfig, a cluster or this machine's memory has. @throws UserError where they cannot be read */
export async function sourceCandidates(
  source: NamedSource,
  line: CommandLine,
  text: string,
  signal: AbortSignal,
): Promise<Candidate[]> {
  if (source === 'cluster' || source === 'context' || source === 'user') {
    const { kubeconfigNames } = await import('./kubeconfig-names.ts')
    return kubeconfigNames(line, source)
  }
  if (source === 'image' || source === 'constraint') return imageCandidates(source, line, text)
  // With -f the Applications are in files, and a cluster has nothing to say of them.
  if (line.flags.has('filename')) return []
  const [application = '', alias = ''] = line.words
  if (source === 'tag') return tagCandidates(line, application, alias, '')
  const equals = text.indexOf('=')
  if (source === 'alias=tag' && equals >= 0) {
    return tagCandidates(line, application, text.slice(0, equals), text.slice(0, equals + 1))
  }
  if (source === 'alias=image' && equals >= 0) {
    const before = text.slice(0, equals + 1)
    return behind(before, await imageCandidates('image', line, text.slice(equals + 1)))
  }
  const names = clusterNames(source, line, text, signal)
  return source === 'alias=tag' || source === 'alias=image'
    ? (await names).map(({ value }) => ({ value: `${value}=` }))
    : names
}

async function clusterNames(
  source: Exclude<NamedSource, 'cluster' | 'constraint' | 'context' | 'image' | 'tag' | 'user'>,
  line: CommandLine,
  text: string,
  signal: AbortSignal,
): Promise<Candidate[]> {
  const cluster = await import('./cluster-names.ts')
  const [application = ''] = line.words
  const asked = {
    alias: () => cluster.aliases(line, application, signal),
    application: () => cluster.applicationNames(line, text, signal),
    namespace: () => cluster.namespaceNames(line, signal),
  }
  const kind = source === 'application' || source === 'namespace' ? source : 'alias'
  const found = await untilAborted(asked[kind](), signal).catch(() => undefined)
  if (found || kind !== 'alias') return found ?? []
  // A cluster that cannot be asked now may have been asked before.
  const { knownImages } = await import('./known-images.ts')
  return namesOf((await knownImages(line, application)).keys())
}

async function tagCandidates(
  line: CommandLine,
  application: string,
  alias: string,
  before: string,
): Promise<Candidate[]> {
  const { knownImages } = await import('./known-images.ts')
  const repository = (await knownImages(line, application)).get(alias)
  if (!repository) return []
  const { knownTags } = await import('./known-tags.ts')
  return behind(before, namesOf(await knownTags(repository)))
}

/** Images, or the tags of the one that the command is about. */
async function imageCandidates(
  source: 'constraint' | 'image',
  { command, flags, words }: CommandLine,
  text: string,
): Promise<Candidate[]> {
  const { knownReferences, tagsOfReference } = await import('./known-tags.ts')
  if (source === 'image') return namesOf(await knownReferences(text))
  const named = command?.id === 'tags' ? words[0] : flags.get('image')?.at(-1)
  return namesOf(await tagsOfReference(named?.slice(named.indexOf('=') + 1) ?? ''))
}

function behind(before: string, candidates: readonly Candidate[]): Candidate[] {
  return candidates.map(({ value }) => ({ value: `${before}${value}` }))
}
