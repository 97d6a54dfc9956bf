import type { RegistryEntry } from './registry-entry.ts'

/** What a cluster may ask of the operator's machine. */
export interface ClusterTrust {
  /** Namespace of the ConfigMap: its Secrets may be named. */
  readonly namespace: string
  readonly allowCrossNamespaceSecrets: boolean
}

/**
 * Takes from entries that come from a cluster what must not: whoever may edit the ConfigMap would otherwise
 * run programs on the operator's machine (`ext:`), read its environment (`env:`) or files (`ca_file`),
 * switch off the verification of certificates (`insecure`), or reach Secrets of any namespace with the
 * operator's rights.
 *
 * @returns the entries without it, and a line about each thing left out.
 */
export function restrictToCluster(
  entries: readonly RegistryEntry[],
  trust: ClusterTrust,
): { entries: RegistryEntry[]; warnings: string[] } {
  const warnings: string[] = []
  const restricted = entries.map((entry) => {
    const { credentials, credentialsLifetime, caFile, ...rest } = entry
    const leaveOut = (what: string, why: string) =>
      warnings.push(`line ${entry.line}: ${what} of "${entry.name}" is not used: ${why}`)
    if (caFile !== undefined) leaveOut(`ca_file ${caFile}`, 'a cluster may not name files of your machine')
    if (entry.insecure) leaveOut('insecure: true', 'a cluster may not switch off the check of certificates')
    const refusal = credentials && refuse(entry, trust)
    if (refusal) leaveOut(`credentials ${credentials.text}`, refusal)
    return {
      ...rest,
      insecure: false,
      ...(credentials && !refusal && { credentials }),
      ...(credentials && !refusal && credentialsLifetime !== undefined && { credentialsLifetime }),
    }
  })
  return { entries: restricted, warnings }
}

function refuse({ credentials }: RegistryEntry, trust: ClusterTrust): string {
  const source = credentials?.source
  if (source?.type === 'env') return 'a cluster may not read the environment of your machine'
  if (source?.type === 'ext') return 'a cluster may not run programs on your machine'
  if (source === undefined || trust.allowCrossNamespaceSecrets || source.namespace === trust.namespace)
    return ''
  return `the secret is not in namespace ${trust.namespace} (--allow-cross-namespace-secrets allows it)`
}
