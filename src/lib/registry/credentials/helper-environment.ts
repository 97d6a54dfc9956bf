export type Environment = Readonly<Record<string, string | undefined>>

/** What any credential helper may see: where it is, whose session, which proxy. */
const COMMON =
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|TMPDIR|TEMP|TMP|LANG|LC_.*|XDG_.*|DBUS_SESSION_BUS_ADDRESS|DISPLAY|WAYLAND_DISPLAY|GPG_TTY|GNUPGHOME|PASSWORD_STORE_.*|DOCKER_CONFIG|https?_proxy|HTTPS?_PROXY|no_proxy|NO_PROXY|SSL_CERT_(?:FILE|DIR)|SystemRoot|SYSTEMROOT|APPDATA|LOCALAPPDATA|USERPROFILE|PATHEXT|ComSpec)$/

/** What the helper of one cloud may see besides. */
const OF_CLOUD: readonly (readonly [helper: RegExp, variables: RegExp])[] = [
  [/^ecr/, /^AWS_/],
  [/^(?:gcr|gcloud)/, /^(?:GOOGLE_|CLOUDSDK_)/],
  [/^acr/, /^(?:AZURE_|ACR_|ARM_)/],
]

/**
 * The environment a credential helper is given: what it needs to do its work, and nothing of the
 * operator's other secrets.
 */
export function helperEnvironment(helper: string, env: Environment): Record<string, string> {
  const cloud = OF_CLOUD.find(([pattern]) => pattern.test(helper))?.[1]
  const passed: Record<string, string> = {}
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && (COMMON.test(name) || cloud?.test(name))) passed[name] = value
  }
  return passed
}

/** The environment of a program the operator wrote for one registry: the same, and the session of every cloud. */
export function programEnvironment(env: Environment): Record<string, string> {
  const passed: Record<string, string> = {}
  for (const [name, value] of Object.entries(env)) {
    const known = COMMON.test(name) || OF_CLOUD.some(([, variables]) => variables.test(name))
    if (value !== undefined && known) passed[name] = value
  }
  return passed
}
