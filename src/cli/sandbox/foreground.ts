import { setTimeout as sleep } from 'node:timers/promises'
import { shellWord } from '../../lib/engine/shell-word.ts'
import { UserError } from '../../lib/errors.ts'
import { MOVING_IMAGE, type Sandbox, startSandbox } from '../../lib/sandbox/index.ts'
import type { ColourMode } from '../../lib/terminal/colour.ts'
import { durationFlag } from '../flags/duration.ts'
import { type StopSignal, stopSignal } from '../watch/stop-signal.ts'
import { demonstrate } from './demo.ts'

interface SandboxFlags {
  readonly demo: boolean
  readonly keep: boolean
  readonly 'push-interval': string
  readonly 'api-port': number
  readonly 'registry-port': number
  readonly directory?: string | undefined
  readonly color: ColourMode
}

/** Starts the trial world and keeps it until Ctrl-C, or shows the main job on it. */
export async function sandboxInForeground(flags: SandboxFlags): Promise<void> {
  const pushInterval = durationFlag('--push-interval', flags['push-interval'])
  const stop = stopSignal(() => {})
  const sandbox = await startOrExplain(flags)
  try {
    if (flags.demo) await demonstrate(sandbox, { color: flags.color, keep: flags.keep }, stop)
    else await keepRunning(sandbox, pushInterval, stop)
  } finally {
    stop.release()
    process.exitCode = stop.exitCode
    await sandbox.close()
  }
}

async function startOrExplain(flags: SandboxFlags): Promise<Sandbox> {
  try {
    return await startSandbox({
      port: flags['api-port'],
      registryPort: flags['registry-port'],
      ...(flags.directory === undefined ? {} : { directory: flags.directory }),
    })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    throw new UserError(`the sandbox cannot start: ${message}`, 'Choose other ports or another folder', {
      cause: error,
    })
  }
}

async function keepRunning(sandbox: Sandbox, pushInterval: number, stop: StopSignal): Promise<void> {
  process.stdout.write(`export KUBECONFIG=${shellWord(sandbox.kubeconfigPath)}\n`)
  const { repository, tag } = MOVING_IMAGE
  process.stderr.write(
    [
      '',
      `API server ${sandbox.server}, registry ${sandbox.registryHost} (both on this machine only; an ECR host cannot`,
      'be served here, so the images that would be on ECR are on this registry).',
      'In another terminal, export the KUBECONFIG above and try:',
      '',
      '  kubectl get applications -n argocd',
      '  kubectl image-updater check',
      `  kubectl image-updater tags ${sandbox.registryHost}/shop/web --all`,
      '  kubectl image-updater watch --interval 10s',
      '',
      pushInterval > 0
        ? `"CI" pushes ${repository}:${tag} every ${Math.round(pushInterval / 1000)}s. Ctrl-C ends the sandbox.`
        : 'Ctrl-C ends the sandbox.',
      '',
    ].join('\n'),
  )
  while (!stop.signal.aborted) {
    // Without pushes there is nothing to wake up for: any long time will do.
    await sleep(pushInterval || 86_400_000, undefined, { signal: stop.signal }).catch(() => {})
    if (stop.signal.aborted || pushInterval === 0) continue
    const digest = sandbox.push(repository, tag)
    process.stderr.write(
      `${new Date().toTimeString().slice(0, 8)}  CI pushed ${repository}:${tag} ${digest.slice(0, 19)}\n`,
    )
  }
}
