import { findProgram } from '../cluster/exec-program.ts'
import type { Destination } from './destination.ts'
import type { DestinationFlag } from './destination-flag.ts'
import { FIELD_NAMES, type NotificationFields } from './notification-fields.ts'
import { NotifyError } from './notify-error.ts'
import { openTemplate } from './open-template.ts'
import { notificationDocument } from './payload.ts'
import { runCommand } from './run-command.ts'
import { plainLine, sentence } from './sentence.ts'
import { type NotifySurroundings, USUAL_LIMITS } from './surroundings.ts'

/** What a program needs to run at all; the rest of our environment, which may hold secrets, is not its business. */
const KEPT_VARIABLES = ['PATH', 'HOME', 'SystemRoot', 'USERPROFILE', 'TEMP']

/**
 * A program of the operator's own, run once for each notification: the document on standard input, the
 * fields as variables `IMAGE_UPDATER_…`. Nothing from outside becomes an argument.
 *
 * @throws NotifyError when the program or the template does not work.
 */
export async function openCommand(
  flag: DestinationFlag,
  surroundings: NotifySurroundings,
): Promise<Destination> {
  const { env, platform } = surroundings
  const program = await findProgram(flag.target.value, { env, platform })
  if (program === '' || (platform === 'win32' && /\.(?:bat|cmd)$/i.test(program))) {
    throw new NotifyError(
      `--notify command: there is no program "${flag.target.value}" that can be run`,
      'It is run without a shell and without arguments: name a file or a program of PATH; a script may hold the rest',
    )
  }
  const template = await openTemplate(flag, plainLine, surroundings)
  const limit = surroundings.limits?.command ?? USUAL_LIMITS.command
  const name = `command (${flag.target.value})`
  return {
    name,
    warning: '',
    events: flag.events,
    largestBatch: 1,
    async deliver(batch, signal) {
      for (const fields of batch) {
        const text = template?.render(fields) ?? plainLine(sentence(fields))
        const input = `${JSON.stringify(notificationDocument(fields, text))}\n`
        const variables = { ...keptVariables(env), ...fieldVariables(fields, text) }
        const failure = await runCommand({ program, env: variables, input, limit, platform }, signal)
        if (failure !== '') throw new NotifyError(`${name} ${failure}`, 'Run it by hand to see why')
      }
    },
    close: () => Promise.resolve(),
  }
}

/** `IMAGE_UPDATER_EVENT` and so on: names of ours alone, values on one line without control characters. */
function fieldVariables(fields: NotificationFields, text: string): Record<string, string> {
  const named = FIELD_NAMES.map((name) => [variable(name), plainLine(fields[name])])
  return Object.fromEntries([...named, [variable('text'), text]])
}

function variable(field: string): string {
  return `IMAGE_UPDATER_${field.toUpperCase()}`
}

function keptVariables(env: NotifySurroundings['env']): Record<string, string> {
  return Object.fromEntries(
    KEPT_VARIABLES.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
  )
}
