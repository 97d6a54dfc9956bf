import { Flags } from '@oclif/core'
import { APPROVAL_MODES } from '../../lib/engine/approval.ts'
import {
  afterWriteFlags,
  connectionFlags,
  dryRunFlag,
  formatFlags,
  gitFlags,
  leaseFlags,
  notifyFlag,
  outputFlags,
  registryFlags,
  selectionFlags,
  severalContextsFlag,
} from '../flags/shared.ts'

/** The flags of `watch`; `deploy` takes those that mean something in a Pod too. */
export const watchFlags = {
  interval: Flags.string({
    description: "Time between two polls of an image; a rule's image-poll-interval wins for its image",
    default: '2m',
  }),
  once: Flags.boolean({ description: 'Poll once, then stop' }),
  approve: Flags.option({
    options: APPROVAL_MODES,
    description:
      'What is applied without asking: auto (all), patch or minor (version steps up to that), ask (nothing) (default: ask on a terminal, auto elsewhere)',
    helpValue: 'MODE',
  })(),
  'dry-run': dryRunFlag,
  'read-only': Flags.boolean({ description: 'Show everything, write nothing' }),
  plain: Flags.boolean({
    description: 'One line an event instead of the live table, also on a terminal',
  }),
  bell: Flags.boolean({
    description: 'Ring the bell of the terminal when a person is needed or something went wrong',
  }),
  ...leaseFlags,
  'metrics-addr': Flags.string({
    description:
      'Serve /metrics for Prometheus and the probes /healthz and /readyz at this address, :8080 or 127.0.0.1:8080 (default: nothing listens)',
    helpValue: 'ADDRESS',
  }),
  notify: notifyFlag,
  ...afterWriteFlags,
  ...selectionFlags,
  ...registryFlags,
  ...gitFlags,
  ...formatFlags,
  color: outputFlags.color,
  ...connectionFlags,
  context: severalContextsFlag,
}
