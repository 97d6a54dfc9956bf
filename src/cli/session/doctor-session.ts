import type { Machine } from '../../lib/engine/doctor/checks.ts'
import { type Diagnosis, diagnose } from '../../lib/engine/doctor/doctor.ts'
import { folderState } from '../../lib/machine/folder-state.ts'
import { programOutput } from '../../lib/machine/program-version.ts'
import { runtime } from '../../lib/machine/runtime.ts'
import { SELF_CONTAINED } from '../../lib/machine/self-contained.ts'
import { withProgress } from '../../lib/terminal/progress.ts'
import { durationFlag } from '../flags/duration.ts'
import { NODE_WANTED, VERSION } from '../version.ts'
import { contextOptions, type SessionFlags } from './session.ts'

/** Looks at everything that a command with these flags would depend on. */
export async function doctorSession(
  flags: SessionFlags & { readonly timeout: string },
  names: readonly string[],
): Promise<Diagnosis> {
  const timeout = durationFlag('--timeout', flags.timeout)
  const selection = { names, selector: flags.selector, fieldSelector: flags['field-selector'] }
  return withProgress('Looking', (report) =>
    diagnose({
      context: contextOptions(flags),
      machine: machine(timeout),
      onProgress: (done, all) => report(`${done}/${all} checks`),
      selection,
      timeout,
    }),
  )
}

/** @param timeout milliseconds for each program */
function machine(timeout: number): Machine {
  return {
    own: VERSION,
    runtime: runtime(),
    nodeWanted: SELF_CONTAINED ? undefined : NODE_WANTED,
    kubectl: () => programOutput('kubectl', ['version', '--client'], process.env, timeout),
    git: () => programOutput('git', ['--version'], process.env, timeout),
    folderState,
  }
}
