import { loadKubeconfig } from '../../lib/cluster/load-kubeconfig.ts'
import { type Candidate, namesOf } from './answer.ts'
import type { CommandLine } from './command-line.ts'

/** What the kubeconfig that the flags name defines. @throws KubeconfigError */
export async function kubeconfigNames(
  { flags }: CommandLine,
  kind: 'cluster' | 'context' | 'user',
): Promise<Candidate[]> {
  const kubeconfig = await loadKubeconfig({ kubeconfig: flags.get('kubeconfig')?.at(-1) }, process.env)
  const entries = { cluster: kubeconfig.clusters, context: kubeconfig.contexts, user: kubeconfig.users }
  return namesOf([...entries[kind].keys()].toSorted())
}
