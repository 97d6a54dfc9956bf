import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { cacheFolder } from './cache-folder.ts'
import { runCommand } from './command.ts'
import { withFileLock } from './file-lock.ts'
import { isExecutable } from './find-binary.ts'
import { freePort } from './free-port.ts'
import { openPrivateApt } from './private-apt.ts'
import { startServer } from './server-process.ts'
import type { Started } from './started.ts'

export interface SshAddress {
  readonly port: number
  /** The user who may log in. */
  readonly user: string
  /** Private keys: one is let in, the other is not. */
  readonly key: string
  readonly otherKey: string
  /** Lines of a known_hosts file: the server's key, and a wrong one for it. */
  readonly knownHosts: string
  readonly wrongKnownHosts: string
}

/** Starts OpenSSH's server on loopback; everything that its user has can be reached through it. */
export async function startSshServer(folder: string): Promise<Started<SshAddress>> {
  const { sshd, libraries } = await findSshd()
  const port = await freePort()
  const file = (name: string) => join(folder, name)
  for (const key of ['key', 'other-key', 'host-key', 'wrong-host-key']) {
    await runCommand('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file(key)])
  }
  await writeFile(file('authorized_keys'), await readFile(file('key.pub')), { mode: 0o600 })
  const settings = [
    'ListenAddress 127.0.0.1',
    `Port ${port}`,
    `HostKey ${file('host-key')}`,
    `AuthorizedKeysFile ${file('authorized_keys')}`,
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'UsePAM no',
    // The folders above ours are everybody's.
    'StrictModes no',
    'PidFile none',
    'PermitTTY no',
  ]
  await writeFile(file('sshd_config'), `${settings.join('\n')}\n`)
  const command = [sshd, '-D', '-e', '-f', file('sshd_config')]
  const ready = () => accepts(port)
  const server = await startServer({
    name: 'sshd',
    command: process.getuid?.() === 0 ? await asRoot(folder, command) : command,
    env: libraries === '' ? {} : { LD_LIBRARY_PATH: libraries },
    logFile: file('sshd.log'),
    ready,
  })
  const known = async (name: string) => {
    const [kind, key] = (await readFile(file(`${name}.pub`), 'utf8')).split(' ')
    return `[127.0.0.1]:${port} ${kind} ${key}\n`
  }
  return {
    address: {
      port,
      user: (await runCommand('id', ['-un'])).trim(),
      key: await readFile(file('key'), 'utf8'),
      otherKey: await readFile(file('other-key'), 'utf8'),
      knownHosts: await known('host-key'),
      wrongKnownHosts: await known('wrong-host-key'),
    },
    stop: server.stop,
  }
}

/** As root, sshd wants a user and a folder of its own: it sees them in a view of the file system that only it has. */
async function asRoot(folder: string, command: readonly string[]): Promise<readonly string[]> {
  const users = await readFile('/etc/passwd', 'utf8')
  const own = /^sshd:/m.test(users) ? '' : 'sshd:x:65533:65534::/run/sshd:/usr/sbin/nologin\n'
  const passwd = join(folder, 'passwd')
  await writeFile(passwd, users + own)
  const prepare =
    'mount --bind "$1" /etc/passwd && mount -t tmpfs none /run && mkdir -m 755 /run/sshd && shift && exec "$@"'
  return ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', prepare, 'sh', passwd, ...command]
}

/** The system's, or that of Debian's package, unpacked into the cache. */
async function findSshd(): Promise<{ sshd: string; libraries: string }> {
  if (await isExecutable('/usr/sbin/sshd')) return { sshd: '/usr/sbin/sshd', libraries: '' }
  const cache = cacheFolder()
  const unpacked = join(cache, 'openssh-server')
  const sshd = join(unpacked, 'usr', 'sbin', 'sshd')
  if (!(await isExecutable(sshd))) {
    await mkdir(cache, { recursive: true })
    await withFileLock(join(cache, 'lock'), async () => {
      if (!(await isExecutable(sshd))) await unpack(cache, unpacked)
    })
  }
  const folders = ['lib', join('usr', 'lib')].map((name) => join(unpacked, name))
  const libraries = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(folder).catch(() => []))
        .filter((name) => name.endsWith('-linux-gnu'))
        .map((name) => join(folder, name)),
    ),
  )
  return { sshd, libraries: libraries.flat().join(':') }
}

async function unpack(cache: string, target: string): Promise<void> {
  const apt = await openPrivateApt(cache)
  const unfinished = await mkdtemp(join(cache, 'unpacking-'))
  try {
    for (const file of await apt.downloadWithDependencies(['openssh-server'])) {
      await runCommand('dpkg', ['--extract', file, unfinished])
    }
    await rename(unfinished, target)
  } finally {
    await rm(unfinished, { recursive: true, force: true })
    await apt.remove()
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' })
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
