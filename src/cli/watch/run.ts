import type { DryRun } from '../../lib/cluster/client.ts'
import type { ApprovalMode } from '../../lib/engine/approval.ts'

/** What a watch is to do. */
export interface WatchRun {
  readonly names: readonly string[]
  /** Milliseconds. */
  readonly interval: number
  readonly approve: ApprovalMode
  readonly dryRun: DryRun
  readonly once: boolean
  /** Whether what was written is followed to its end. */
  readonly follows: boolean
}
