import { homedir } from 'node:os'
import { sightingFile } from '../../lib/state/sighting-file.ts'
import { type Candidate, namesOf } from './answer.ts'
import type { CommandLine } from './command-line.ts'
import type { Source } from './table.ts'

type Named = Exclude<Source, 'command' | 'file' | 'folder' | readonly string[]>

/** The names that a kubeconfig, a cluster or this machine's memory has. @throws UserError where they cannot be read */
export async function sourceCandidates(
  source: Named,
  line: CommandLine,
  text: string,
  signal: AbortSignal,
): Promise<Candidate[]> {
  if (source === 'cluster' || source === 'context' || source === 'user') {
    const { kubeconfigNames } = await import('./kubeconfig-names.ts')
    return kubeconfigNames(line, source)
  }
  // With -f the Applications are in files, and a cluster has nothing to say of them.
  if (line.flags.has('filename')) return []
  const cluster = await import('./cluster-names.ts')
  if (source === 'namespace') return cluster.namespaceNames(line, signal)
  if (source === 'application') return cluster.applicationNames(line, text, signal)
  const [application = '', alias = ''] = line.words
  const images = await cluster.imagesOf(line, application, signal)
  if (source === 'alias') return namesOf(images.map((image) => image.alias))
  const equals = text.indexOf('=')
  if (source === 'alias=tag' && equals < 0) return namesOf(images.map((image) => `${image.alias}=`))
  const chosen = source === 'tag' ? alias : text.slice(0, equals)
  const image = images.find((one) => one.alias === chosen)
  if (!image) return []
  const before = source === 'tag' ? '' : `${chosen}=`
  const seen = await sightingFile(process.env, homedir(), () => {}).tagsOf(image.repository)
  return namesOf([...seen, ...image.running].map((tag) => `${before}${tag}`))
}
