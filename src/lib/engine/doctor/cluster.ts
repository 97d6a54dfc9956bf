import { ClusterError } from '../../cluster/client.ts'
import type { Check, Need } from './examine.ts'
import { type Finding, findingsOf } from './finding.ts'
import type { Stages } from './stages.ts'

const finding = findingsOf('cluster')

/** Whether the API server answers, and how safely. */
export function clusterCheck(
  needs: Need,
  { chosen, server: asked }: Pick<Stages, 'chosen' | 'server'>,
): Check {
  return {
    name: 'cluster',
    needs,
    run: async () => {
      const { server, cluster } = (await chosen).connection
      const { version } = await asked.catch(refused)
      return [reachedFinding(server, version), ...safetyFindings(server, cluster.insecureSkipTlsVerify)]
    },
  }
}

/** The bare word of a 401 says little to who does not know that the credential is meant. */
function refused(error: unknown): never {
  if (!(error instanceof ClusterError) || error.status !== 401) throw error
  const message = `the API server answers, and does not accept your credential (401 ${error.message})`
  throw new ClusterError(message, error.status, error.reason, error.remedy, { cause: error })
}

function reachedFinding(server: string, version: string): Finding {
  return version === ''
    ? finding('ok', 'api-server', `${server} answers; its version is not told to this user`)
    : finding('ok', 'api-server', `${server} answers: Kubernetes ${version}`)
}

function safetyFindings(server: string, insecure: boolean): Finding[] {
  if (!server.startsWith('https:')) {
    const message =
      'the connection is plain http: everybody on the way can read along, and no credential is sent'
    return [finding('warn', 'tls', message, 'Use an https server in the kubeconfig')]
  }
  if (!insecure) return [finding('ok', 'tls', 'its certificate was verified')]
  const message =
    'its certificate is not verified (insecure-skip-tls-verify): anybody may answer in its place'
  return [finding('warn', 'tls', message, 'Name its authority: certificate-authority in the kubeconfig')]
}
