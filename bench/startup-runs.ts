import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { programPath } from '../packaging/compile.ts'
import { ownTarget } from '../packaging/targets.ts'
import { startSandbox } from '../src/lib/sandbox/index.ts'
import { apiDetour } from '../test/e2e/world/detour.ts'
import { kubeconfigOf } from '../test/e2e/world/kubeconfig.ts'
import { rememberManyTags } from './remembered-tags.ts'
import type { Startup } from './startup-results.ts'

const PROGRAMS: readonly (readonly [name: string, words: readonly [string, ...string[]]])[] = [
  ['self-contained', [programPath(ownTarget())]],
  ['node', [process.execPath, fileURLToPath(new URL('../bin/run.js', import.meta.url))]],
]

/** TAB behind `web=`, where a thousand tags are remembered. */
const TAG_COMPLETION = '__complete set many web='
/** Milliseconds. */
const BUDGETS: Readonly<Record<string, number>> = { check: 200, [TAG_COMPLETION]: 200 }

/** Something to be started, and how to wait for what is measured. */
interface Course extends Omit<Startup, 'milliseconds'> {
  readonly words: readonly [string, ...string[]]
}

/** Starts everything in turn, so that what else the machine does falls on all alike. */
export async function measureStartups(repetitions: number): Promise<Startup[]> {
  await using world = await openWorld()
  const courses: Course[] = [
    {
      command: 'version --client',
      program: 'kubectl',
      until: 'its end',
      words: ['kubectl', 'version', '--client'],
    },
    ...['version', '--help', 'check --help', 'check', TAG_COMPLETION].flatMap((command) =>
      PROGRAMS.map(([program, words]) => ({
        command,
        program,
        until: command === 'check' ? ('first request' as const) : ('its end' as const),
        budget: BUDGETS[command],
        words: [...words, ...command.split(' ')] as const,
      })),
    ),
  ]
  // Once for the caches of files and of compiled code.
  for (const course of courses) await world.measure(course)
  const startups = courses.map((course) => ({ ...course, milliseconds: [] as number[] }))
  for (let repetition = 0; repetition < repetitions; repetition++) {
    for (const startup of startups) startup.milliseconds.push(await world.measure(startup))
  }
  return startups
}

/** A sandbox whose API server is reached by a detour that sees the first request. */
async function openWorld() {
  const sandbox = await startSandbox()
  const { certificateAuthority, token, url } = sandbox.apiServer
  const api = await apiDetour({ certificateAuthority, server: url, token })
  const home = await mkdtemp(join(tmpdir(), 'image-updater-bench-'))
  const kubeconfig = join(home, 'kubeconfig')
  const access = { certificateAuthority: api.certificateAuthority, server: `https://${api.host}`, token }
  await writeFile(kubeconfig, kubeconfigOf(access, 'argocd', [sandbox.registryHost]))
  await rememberManyTags(home, access.server)
  const env = { HOME: home, KUBECONFIG: kubeconfig, PATH: process.env['PATH'] }
  return {
    /** @returns milliseconds. @throws when the program fails, or makes no request where one is waited for */
    async measure({ words: [file, ...args], until }: Course): Promise<number> {
      let requested = Number.NaN
      api.intercept = () => {
        if (Number.isNaN(requested)) requested = performance.now()
        return undefined
      }
      const start = performance.now()
      const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'ignore'] })
      let printed = 0
      child.stdout.on('data', ({ length }: Buffer) => {
        printed += length
      })
      const code = await new Promise((resolve, reject) => {
        child.once('error', reject)
        child.once('close', resolve)
      })
      // What check finds in the sandbox is no matter here.
      const end = until === 'first request' ? requested : code === 0 ? performance.now() : Number.NaN
      if (args.join(' ').endsWith(TAG_COMPLETION) && printed < 1000) throw new Error('no tags were offered')
      if (Number.isNaN(end)) throw new Error(`${[file, ...args].join(' ')} failed: ${code}`)
      return end - start
    },
    async [Symbol.asyncDispose]() {
      await api.close()
      await sandbox.close()
      await rm(home, { recursive: true })
    },
  }
}
