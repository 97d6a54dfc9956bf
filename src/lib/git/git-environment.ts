import { delimiter, isAbsolute } from 'node:path'

export type Environment = Readonly<Record<string, string | undefined>>

/** What a git of ours may need: nothing that steers git itself (GIT_*), and none of the operator's secrets. */
const ALWAYS =
  /^(?:PATH|HOME|XDG_.*|TMPDIR|TMP|TEMP|SystemRoot|SYSTEMROOT|USERPROFILE|APPDATA|LOCALAPPDATA|PATHEXT|ProgramData)$/
const NETWORK = /^(?:https?_proxy|HTTPS?_PROXY|all_proxy|ALL_PROXY|no_proxy|NO_PROXY|SSL_CERT_(?:FILE|DIR))$/
/** Where the operator's agents are: for their own credentials and for signing. */
const AGENTS =
  /^(?:SSH_AUTH_SOCK|GNUPGHOME|GPG_TTY|DISPLAY|WAYLAND_DISPLAY|DBUS_SESSION_BUS_ADDRESS|USER|LOGNAME)$/

/** What one run of git is for. */
export interface EnvironmentNeeds {
  readonly network: boolean
  /** Whether the operator's agents and keyrings may be used. */
  readonly agents: boolean
}

/**
 * The environment of a child: a chosen few of ours, so that neither a hook nor a helper ever sees a token that
 * happens to be in the operator's shell.
 */
export function gitEnvironment(env: Environment, needs: EnvironmentNeeds): Record<string, string> {
  const passed: Record<string, string> = {}
  for (const [name, value] of Object.entries(env)) {
    const wanted =
      ALWAYS.test(name) || (needs.network && NETWORK.test(name)) || (needs.agents && AGENTS.test(name))
    if (value !== undefined && wanted) passed[name] = value
  }
  // What git starts itself (ssh, gpg, helpers) is not looked for in whatever folder is the current one either.
  const path = passed['PATH']?.split(delimiter).filter((folder) => isAbsolute(folder))
  // C.UTF-8: messages are read by machine. No question is ever asked on the terminal, which may show a live view.
  return {
    ...passed,
    ...(path ? { PATH: path.join(delimiter) } : {}),
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
    GIT_TERMINAL_PROMPT: '0',
    GCM_INTERACTIVE: 'never',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_CONFIG_COUNT: '0',
    GIT_ATTR_NOSYSTEM: '1',
  }
}
