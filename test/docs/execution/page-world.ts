import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir, userInfo } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Sandbox, startSandbox } from '../../../src/lib/sandbox/index.ts'
import { COMPILED_CODE } from '../../program.ts'
import { EXAMPLE_CERTIFICATE } from './example-certificate.ts'
import { knownToArgoCd, openExampleGit } from './example-git.ts'
import { openExampleHosts } from './example-hosts.ts'

const BIN = fileURLToPath(new URL('../../../bin', import.meta.url))
/** However busy the machine is, no command of a page takes that long. */
const DEADLINE = 60_000
/** Where the pages have the registry of the sandbox. */
const SHOWN_REGISTRY = '127.0.0.1:5050'
/** What notifications are sent to. */
const HOOKS = ['hooks.slack.com', 'ci.example', 'chat.example']

/** What a command did, in the words of the pages: their registry, user and folders. */
interface Executed {
  readonly code: number
  /** Standard output and error, in the order in which a terminal shows them. */
  readonly printed: string
}

/** The demonstration world of the sandbox, and a shell in a new folder beside it. */
export interface PageWorld {
  /** @param columns of a terminal; 0 for none */
  execute(command: string, columns: number): Promise<Executed>
  close(): Promise<void>
}

export async function openPageWorld(): Promise<PageWorld> {
  const sandbox = await sandboxOnShortPort()
  const git = await openExampleGit()
  const example = await openExampleHosts((host, path) => {
    if (HOOKS.includes(host)) return 200
    if (host === 'private.example.com') return 401
    return host === 'git.example.com' ? git.hostFor(path) : sandbox.registryHost
  })
  const folder = await mkdtemp(join(tmpdir(), 'page-'))
  const paths = { home: join(folder, 'home'), work: join(folder, 'work') }
  for (const path of Object.values(paths)) await mkdir(path)
  const certificate = join(folder, 'example-ca.pem')
  await writeFile(certificate, EXAMPLE_CERTIFICATE)
  await writeFile(join(folder, 'state'), `cd ${paths.work}\n`)
  await writeFile(
    join(paths.home, '.gitconfig'),
    `[user]\n\tname = Ann\n\temail = ann@example.com\n[http]\n\tsslCAInfo = ${certificate}\n`,
  )
  const env = {
    ...COMPILED_CODE,
    HOME: paths.home,
    HTTPS_PROXY: example.proxy,
    KUBECONFIG: sandbox.kubeconfigPath,
    LANG: 'C.UTF-8',
    NODE_EXTRA_CA_CERTS: certificate,
    NO_COLOR: '1',
    NO_PROXY: '127.0.0.1,localhost',
    PATH: [BIN, dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
    TERM: 'dumb',
    TZ: 'UTC',
  }
  return {
    close: async () => {
      example.close()
      await git.close()
      await sandbox.close()
      await rm(folder, { force: true, recursive: true })
    },
    execute: async (command, columns) => {
      const text = command.replaceAll(SHOWN_REGISTRY, sandbox.registryHost)
      const [, repository, tag] = /^push (\S+) (\S+)$/.exec(text) ?? []
      const [, name, files] = /^git repository (\S+) (\S+)$/.exec(text) ?? []
      if (name && files) await git.createRepository(name, join(paths.work, files))
      const executed =
        repository && tag
          ? { code: 0, printed: sandbox.push(repository, tag) }
          : await inShell(name ? knownToArgoCd(EXAMPLE_CERTIFICATE) : text, { columns, env, folder })
      await sandbox.settle()
      return { ...executed, printed: inWordsOfThePages(executed.printed, sandbox, paths.home) }
    },
  }
}

/** A port of four digits, as on the pages, so that tables are as wide as there. */
async function sandboxOnShortPort(): Promise<Sandbox> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await startSandbox({ registryPort: 2000 + Math.floor(Math.random() * 8000) })
    } catch (error) {
      if (attempt === 20) throw error
    }
  }
}

/** Runs a command where the last one left off: same folder, same exported variables. */
function inShell(
  command: string,
  { columns, env, folder }: { columns: number; env: NodeJS.ProcessEnv; folder: string },
): Promise<Executed> {
  const state = join(folder, 'state')
  const script = `. ${state}\n${command}\ncode=$?\n{ export -p; printf 'cd %q\\n' "$PWD"; } > ${state}\nexit $code`
  const inTerminal = `stty cols ${columns} rows 50; bash -c ${quoted(script)}`
  const child =
    columns > 0
      ? spawn('script', ['-qfec', inTerminal, '/dev/null'], {
          detached: true,
          env,
          stdio: ['ignore', 'pipe', 'pipe'],
        })
      : spawn('bash', ['-c', `exec 2>&1\n${script}`], {
          detached: true,
          env,
          stdio: ['ignore', 'pipe', 'pipe'],
        })
  // All of its group: what it started would keep the pipes open.
  const timer = setTimeout(() => process.kill(-Number(child.pid), 'SIGKILL'), DEADLINE)
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text
    })
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      clearTimeout(timer)
      resolve({ code: code ?? -1, printed: printed.replaceAll('\r', '') })
    })
  })
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

/** The column that follows the operator in a table may be out of its place: that is put right by hand. */
function inWordsOfThePages(printed: string, sandbox: Sandbox, home: string): string {
  return printed
    .replaceAll(sandbox.registryHost, SHOWN_REGISTRY)
    .replaceAll(`${userInfo().username}@${hostname()}`, 'ann@laptop')
    .replaceAll(home, '/home/ann')
}
