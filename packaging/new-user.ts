// Plays somebody who has just installed the plugin: kubectl and nothing else on PATH, an empty HOME, no cluster.
// `node packaging/new-user.ts [ARCHIVE]` does what the quick start says and prints what such a user sees.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installLikeKrew } from './krew-install.ts'
import { archiveName } from './release-names.ts'
import { ownTarget } from './targets.ts'

/** What a command did. */
export interface Step {
  /** As typed after `kubectl`. */
  readonly command: string
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** `__complete` is what a shell asks when somebody presses TAB. */
const FIRST_COMMANDS = [
  'image-updater version',
  'image-updater --help',
  'image-updater completion bash',
  'image-updater completion install',
  '__complete image-updater che',
  'image-updater doctor',
  'image-updater check',
]
const COMMANDS_ON_THE_SANDBOX = [
  'image-updater check',
  'image-updater update --yes',
  'image-updater watch --once',
  'image-updater check shop',
]

/** @returns every step, in order @throws Error when the sandbox does not start */
export async function newUser(archive: string): Promise<Step[]> {
  const folder = mkdtempSync(join(tmpdir(), 'image-updater-new-user-'))
  try {
    const bin = await installLikeKrew(archive, ownTarget(), join(folder, 'krew'))
    const home = join(folder, 'home')
    const others = join(folder, 'bin')
    for (const made of [home, others]) mkdirSync(made)
    symlinkSync(whereIs('kubectl'), join(others, 'kubectl'))
    const env = { HOME: home, PATH: `${bin}:${others}`, TMPDIR: folder }

    const steps: Step[] = []
    for (const command of FIRST_COMMANDS) steps.push(await run(command, env).finished)
    const sandbox = run('image-updater sandbox --push-interval 0', env)
    try {
      const kubeconfig = await sandbox.firstLine
      const there = { ...env, KUBECONFIG: kubeconfig.replace('export KUBECONFIG=', '') }
      for (const command of COMMANDS_ON_THE_SANDBOX) steps.push(await run(command, there).finished)
    } finally {
      sandbox.stop()
    }
    return [...steps, await sandbox.finished]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function run(command: string, env: NodeJS.ProcessEnv) {
  const child = spawn('kubectl', command.split(' '), {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  const finished = new Promise<Step>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ command, code, stdout, stderr }))
  })
  const firstLine = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (text) => {
      stdout += text
      if (stdout.includes('\n')) resolve(stdout.slice(0, stdout.indexOf('\n')))
    })
    child.stderr.on('data', (text) => {
      stderr += text
    })
    child.once('close', () => reject(new Error(`kubectl ${command} has ended: ${stderr}`)))
  })
  // Of most commands nobody wants it.
  firstLine.catch(() => {})
  return { finished, firstLine, stop: () => child.kill('SIGINT') }
}

function whereIs(program: string): string {
  return execFileSync('/bin/sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).trim()
}

if (import.meta.main) {
  const packed = fileURLToPath(new URL(`../packages/${archiveName(ownTarget())}`, import.meta.url))
  const archive = process.argv[2] ?? packed
  if (!existsSync(archive)) throw new Error(`${archive} does not exist: npm run pack:krew makes it`)
  for (const { command, code, stdout, stderr } of await newUser(archive)) {
    console.log(`$ kubectl ${command}\n${stdout}${stderr}`)
    if (code !== 0) console.log(`(exit code ${code})\n`)
  }
}
