import type { ClusterTarget } from '../../cluster/client.ts'
import type { Connection } from '../../cluster/connection.ts'
import type { ConnectionFlags } from '../../cluster/connection-flags.ts'
import { describeCredential } from '../../cluster/describe-credential.ts'
import type { Kubeconfig } from '../../cluster/kubeconfig.ts'
import { NAME_A_CLUSTER } from '../../cluster/unreachable.ts'
import type { Check } from './examine.ts'
import { type Finding, findingsOf } from './finding.ts'

/** What flags and kubeconfig came to. */
export interface ChosenConnection {
  readonly kubeconfig: Kubeconfig
  readonly connection: Connection
}

const finding = findingsOf('kubeconfig')
const DAY = 24 * 3_600_000
/** Days before its end at which a client certificate is worth a warning. */
const SOON = 14

/** Which cluster would be asked, as whom, and why. */
export function kubeconfigCheck(
  chosen: Promise<ChosenConnection>,
  flags: ConnectionFlags,
  now: () => Date,
): Check {
  return {
    name: 'kubeconfig',
    run: async () => {
      const { kubeconfig, connection } = await chosen
      const { kind, certificateExpiry } = await describeCredential(connection)
      return [
        ...kubeconfig.warnings.map((warning) => finding('warn', 'files', warning)),
        contextFinding(kubeconfig, connection, flags),
        finding('ok', 'credential', `credential: ${kind}`),
        ...(certificateExpiry ? [expiryFinding(certificateExpiry, now())] : []),
      ]
    },
  }
}

function contextFinding(kubeconfig: Kubeconfig, connection: Connection, flags: ConnectionFlags): Finding {
  const { addressNote, context, server } = connection
  const files = kubeconfig.files.length === 0 ? 'no kubeconfig' : kubeconfig.files.join(', ')
  const why = flags.context
    ? '--context'
    : context === kubeconfig.currentContext
      ? 'current-context'
      : 'no context chosen'
  const message = `context ${context} (${why}) of ${files}: ${server}`
  return addressNote === ''
    ? finding('ok', 'context', message)
    : finding('warn', 'context', `${server}: ${addressNote}`, NAME_A_CLUSTER)
}

function expiryFinding(expiry: Date, now: Date): Finding {
  const days = Math.floor((expiry.getTime() - now.getTime()) / DAY)
  const date = expiry.toISOString().slice(0, 10)
  const remedy = 'Have a new one issued, or log in again'
  if (days < 0) return finding('fail', 'certificate', `the client certificate expired on ${date}`, remedy)
  const message = `the client certificate is good until ${date} (${days} days)`
  return days < SOON ? finding('warn', 'certificate', message, remedy) : finding('ok', 'certificate', message)
}

/** The namespace that is looked at, and what chose it. */
export function namespaceFinding({ namespace, namespaceSource }: ClusterTarget): Finding {
  const reasons: Readonly<Record<ClusterTarget['namespaceSource'], string>> = {
    flag: namespace === '' ? '--all-namespaces' : '--namespace',
    context: 'the context names it',
    'default argocd': 'the context names none, and argocd exists',
    default: 'the context names none, and there is no argocd to be seen',
  }
  const where = namespace === '' ? 'all namespaces' : `namespace ${namespace}`
  return finding('ok', 'namespace', `${where} (${reasons[namespaceSource]})`)
}
