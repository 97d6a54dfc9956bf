import type { Connection } from './connection.ts'
import type { Credential, CredentialSource } from './credential.ts'
import { execInfo, parseExecCredential } from './exec-credential-format.ts'
import { checkPluginPolicy } from './exec-policy.ts'
import { findProgram, type RunEnvironment, runProgram } from './exec-program.ts'
import { type ExecPlugin, KubeconfigError } from './kubeconfig.ts'

/** What running a plugin depends on besides the kubeconfig. */
export interface ExecEnvironment extends RunEnvironment {
  /** Whether a person can answer on standard input. */
  readonly stdinIsTerminal: boolean
  /** Why standard input is not to be given away just now: `-f -` reads it, a live view does; '' otherwise. */
  readonly stdinTaken: () => string
  readonly now: () => number
}

/** A credential this close to its end is renewed first: clocks differ and requests take time. */
const EXPIRY_SKEW = 10_000

/**
 * Credentials from an exec plugin (client.authentication.k8s.io), as kubectl gets them: run without a
 * shell, told about the terminal and, where wanted, the cluster; its messages and questions reach the
 * person; the answer is kept until it expires or the server rejects it. However many requests wait, the
 * plugin runs once.
 *
 * @param base the kubeconfig's own certificate, used where the plugin returns none.
 */
export function execCredentialSource(
  plugin: ExecPlugin,
  connection: Connection,
  base: Credential,
  environment: ExecEnvironment,
): CredentialSource {
  let held: { credential: Credential; expires: number } | undefined
  let running: Promise<Credential> | undefined

  async function run(): Promise<Credential> {
    const interactive = mayInteract(plugin, environment)
    const program = await findProgram(plugin.command, environment)
    await checkPluginPolicy(plugin.command, program, environment)
    if (program === '') throw notFound(plugin)
    const info = await execInfo(plugin, connection, interactive)
    const output = await runProgram(
      program,
      plugin.args,
      {
        ...Object.fromEntries(plugin.env.map(({ name, value }) => [name, value])),
        KUBERNETES_EXEC_INFO: JSON.stringify(info),
      },
      interactive,
      environment,
    )
    const answer = parseExecCredential(output, plugin)
    const credential = {
      authorization: answer.token === '' ? base.authorization : `Bearer ${answer.token}`,
      certificate: answer.certificate || base.certificate,
      key: answer.key || base.key,
    }
    held = { credential, expires: answer.expires }
    return credential
  }

  return {
    async current() {
      if (held && environment.now() < held.expires - EXPIRY_SKEW) return held.credential
      running ??= run().finally(() => {
        running = undefined
      })
      return running
    },
    reject(rejected) {
      // Requests that were under way together are rejected one by one; only the first may start the plugin.
      if (held?.credential === rejected) held = undefined
      return true
    },
  }
}

/** client-go's reading of interactiveMode: `Always` insists on a terminal, `IfAvailable` takes one if it is there. */
function mayInteract(plugin: ExecPlugin, environment: ExecEnvironment): boolean {
  if (plugin.interactiveMode === 'Never') return false
  const taken = environment.stdinTaken()
  const available = environment.stdinIsTerminal && taken === ''
  if (plugin.interactiveMode === 'Always' && !available) {
    const why = taken === '' ? 'standard input is not a terminal' : taken
    throw new KubeconfigError(
      `the exec plugin ${plugin.command} needs to ask something, but ${why}`,
      'Run this in a terminal, or log in with the plugin beforehand',
    )
  }
  return available
}

function notFound(plugin: ExecPlugin): KubeconfigError {
  const hint = plugin.installHint.trim()
  return new KubeconfigError(
    `the exec plugin ${plugin.command}, which the kubeconfig gets its credentials from, was not found`,
    hint === '' ? 'Install it, or correct the command in the kubeconfig' : hint,
  )
}
