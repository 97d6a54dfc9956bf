import { createReadStream } from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import {
  type ClusterEntry,
  type ContextEntry,
  type ExecPlugin,
  type Kubeconfig,
  KubeconfigError,
  type UserEntry,
} from './kubeconfig.ts'
import { YamlFields } from './kubeconfig-fields.ts'

/** Real kubeconfigs of a hundred clusters stay below 1 MiB. */
const LARGEST_FILE = 16 * 1024 * 1024
/** The extension through which a cluster hands settings to exec plugins (client-go's rest/exec). */
const EXEC_EXTENSION = 'client.authentication.k8s.io/exec'
/** The extension through which an operator, or the sandbox, tells this plugin about a cluster's registries. */
const OWN_EXTENSION = 'kubectl-image-updater'

/**
 * Reads one kubeconfig file (YAML or JSON). Paths in it are made absolute against the folder the file is
 * in: certificates, keys, token files, and exec commands that contain a separator (a bare command stays a
 * matter of PATH).
 *
 * @throws KubeconfigError when it is too large, not YAML, not a kubeconfig, or names one thing twice.
 * @throws NodeJS.ErrnoException when it cannot be read; the caller knows whether a missing file matters.
 */
export async function readKubeconfigFile(file: string, platform: NodeJS.Platform): Promise<Kubeconfig> {
  const text = await readLimited(file)
  let document: unknown
  try {
    document = parse(text, { logLevel: 'error' })
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
    throw new KubeconfigError(
      `kubeconfig ${file} is not valid YAML: ${reason.replace(/:$/, '')}`,
      'Correct the file, or name another with --kubeconfig',
      { cause: error },
    )
  }
  const rules = platform === 'win32' ? path.win32 : path.posix
  const absolute = (value: string) =>
    value === '' || rules.isAbsolute(value) ? value : rules.join(rules.dirname(rules.resolve(file)), value)
  const root = new YamlFields(document ?? {}, file, '')
  const hasSeparator = (command: string) =>
    command.includes('/') || (platform === 'win32' && command.includes('\\'))
  return {
    clusters: root.named('clusters', 'cluster', (fields) => clusterEntry(fields, absolute)),
    users: root.named('users', 'user', (fields) => userEntry(fields, file, absolute, hasSeparator)),
    contexts: root.named('contexts', 'context', contextEntry),
    currentContext: root.text('current-context'),
    files: [file],
    warnings: [],
  }
}

function clusterEntry(fields: YamlFields, absolute: (file: string) => string): ClusterEntry {
  const extension = (name: string) => fields.items('extensions').find((item) => item.text('name') === name)
  return {
    server: fields.text('server'),
    tlsServerName: fields.text('tls-server-name'),
    insecureSkipTlsVerify: fields.flag('insecure-skip-tls-verify'),
    certificateAuthority: absolute(fields.text('certificate-authority')),
    certificateAuthorityData: fields.text('certificate-authority-data'),
    proxyUrl: fields.text('proxy-url'),
    disableCompression: fields.flag('disable-compression'),
    execConfig: extension(EXEC_EXTENSION)?.raw('extension'),
    plainHttpRegistries: extension(OWN_EXTENSION)?.child('extension')?.texts('plainHttpRegistries') ?? [],
  }
}

function userEntry(
  fields: YamlFields,
  file: string,
  absolute: (file: string) => string,
  hasSeparator: (command: string) => boolean,
): UserEntry {
  const provider = fields.child('auth-provider')
  const exec = fields.child('exec')
  return {
    clientCertificate: absolute(fields.text('client-certificate')),
    clientCertificateData: fields.text('client-certificate-data'),
    clientKey: absolute(fields.text('client-key')),
    clientKeyData: fields.text('client-key-data'),
    token: fields.text('token'),
    tokenFile: absolute(fields.text('tokenFile')),
    username: fields.text('username'),
    password: fields.text('password'),
    impersonation: {
      user: fields.text('as'),
      uid: fields.text('as-uid'),
      groups: fields.texts('as-groups'),
      extra: fields.textLists('as-user-extra'),
    },
    authProvider: provider && { name: provider.text('name'), config: provider.textMap('config'), file },
    exec: exec && execPlugin(exec, absolute, hasSeparator),
  }
}

function execPlugin(
  fields: YamlFields,
  absolute: (file: string) => string,
  hasSeparator: (command: string) => boolean,
): ExecPlugin {
  const command = fields.text('command')
  return {
    apiVersion: fields.text('apiVersion'),
    command: hasSeparator(command) ? absolute(command) : command,
    args: fields.texts('args'),
    env: fields.items('env').map((item) => ({ name: item.text('name'), value: item.text('value') })),
    installHint: fields.text('installHint'),
    provideClusterInfo: fields.flag('provideClusterInfo'),
    interactiveMode: fields.text('interactiveMode'),
  }
}

function contextEntry(fields: YamlFields): ContextEntry {
  return {
    cluster: fields.text('cluster'),
    user: fields.text('user'),
    namespace: fields.text('namespace'),
  }
}

/** By stream, since `--kubeconfig <(command)` is a pipe whose size nobody knows beforehand. */
async function readLimited(file: string): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of createReadStream(file)) {
    size += chunk.length
    if (size > LARGEST_FILE) {
      throw new KubeconfigError(
        `kubeconfig ${file} is larger than ${LARGEST_FILE / 1024 / 1024} MiB: that is no kubeconfig`,
        'Name the right file with --kubeconfig or KUBECONFIG',
      )
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
