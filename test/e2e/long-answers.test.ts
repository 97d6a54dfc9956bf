import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { KEEPS_NOTHING, runProgram } from '../cli/program.ts'
import { PROGRAM_WORDS } from '../program.ts'
import { needs } from './world/requirement.ts'
import { startWorld, type World } from './world/world.ts'

const ROWS = 10_000
let world: World
/** Files with ten thousand images: of as many Applications, and of a hundred. */
let manyApplications: string
let manyImages: string

beforeAll(async () => {
  world = await startWorld()
  const image = world.repository('web')
  for (const tag of ['1.4.0', '1.5.0']) await world.push('web', tag)
  const write = async (name: string, count: number, list: string) => {
    const path = join(world.home, name)
    await writeFile(
      path,
      Array.from({ length: count }, (_, index) => application(`app-${index}`, list, image)).join('---\n'),
    )
    return path
  }
  manyApplications = await write('applications.yaml', ROWS, `web=${image}:1.x`)
  const images = Array.from({ length: 100 }, (_, index) => `i${index}=example.com/i${index}`)
  manyImages = await write('images.yaml', ROWS / 100, images.join(', '))
})
afterAll(() => world?.close())

const application = (name: string, list: string, image: string) => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: ${name}, annotations: {argocd-image-updater.argoproj.io/image-list: "${list}"}}
spec:
  destination: {server: https://kubernetes.default.svc}
  source: {repoURL: https://git.example.com/r.git, kustomize: {images: ["${image}:1.4.0"]}}
`

const words = (...args: string[]) => [...args, '--plain-http-registry', world.registryHost]
const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`

/** Runs the program in a pipe to a reader. `code` is the program's own, and standard error is its own. */
async function piped(args: readonly string[], reader: string) {
  const line = [...PROGRAM_WORDS, ...args].map(quoted).join(' ')
  const child = spawn('bash', ['-c', `${line} | ${reader}; echo "code \${PIPESTATUS[0]}" >&2`], {
    env: { ...KEEPS_NOTHING, KUBECONFIG: '/nowhere', PATH: process.env['PATH'] ?? '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  await new Promise((resolve) => child.once('close', resolve))
  const [, told = '', code = ''] = /^([\s\S]*)code (\d+)\n$/.exec(stderr) ?? []
  return { code: Number(code), stderr: told, stdout }
}

const list = (...more: string[]) => words('list', '-f', manyImages, ...more)

describe('ten thousand rows through a pipe', { timeout: 120_000 }, () => {
  it('arrive whole as a table', async (test) => {
    needs('bash', test)
    const { code, stdout } = await piped(list('--no-headers'), 'cat')
    const lines = stdout.split('\n')
    expect([code, lines.length, lines.at(-1)]).toEqual([0, ROWS + 1, ''])
    const width = lines[0]?.indexOf('example.com')
    expect(lines.slice(0, -1).every((line) => line.indexOf('example.com') === width)).toBe(true)
  })

  it('arrive whole as JSON, YAML and by templates, and all agree', async (test) => {
    needs('bash', test)
    const aliases = Array.from(
      { length: ROWS },
      (_, index) => `app-${Math.floor(index / 100)}/i${index % 100}`,
    )
    const named = ({ items }: { items: { application: string; alias: string }[] }) =>
      items.map((item) => `${item.application}/${item.alias}`)
    const json = await piped(list('-o', 'json'), 'cat')
    expect(named(JSON.parse(json.stdout))).toEqual(aliases)
    const yaml = await piped(list('-o', 'yaml'), 'cat')
    expect(named(parse(yaml.stdout))).toEqual(aliases)
    for (const template of [
      'jsonpath={range .items[*]}{.application}/{.alias}{"\\n"}{end}',
      'go-template={{range .items}}{{.application}}/{{.alias}}{{"\\n"}}{{end}}',
    ]) {
      const { code, stderr, stdout } = await piped(list('-o', template), 'cat')
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(stdout).toBe(aliases.map((alias) => `${alias}\n`).join(''))
    }
    const columns = await piped(list('-o', 'custom-columns=A:.application,B:.alias', '--no-headers'), 'cat')
    expect(columns.stdout.replace(/ +/g, '/')).toBe(aliases.map((alias) => `${alias}\n`).join(''))
  })

  it.each(['json', 'wide'])(
    '-o %s: who reads one line only is no error, and the code is that of kubectl',
    async (format) => {
      const { code, stderr, stdout } = await piped(list('-o', format), 'head -c 100')
      expect(stdout).toHaveLength(100)
      expect([code, stderr.replace(/^Files .*\n/, '')]).toEqual([141, ''])
    },
  )

  it('check: one request for all of them, whole, and quiet when only one line is read', async (test) => {
    needs('bash', test)
    const check = words('check', '-f', manyApplications, '-o', 'json')
    const whole = await runProgram(check, { KUBECONFIG: '/nowhere' })
    const { items } = JSON.parse(whole.stdout)
    expect([whole.code, whole.stderr, items.length]).toEqual([0, '', ROWS])
    expect(new Set(items.map(({ decision }: { decision: string }) => decision))).toEqual(new Set(['update']))
    expect(await piped(check, 'head -n 1')).toEqual({ code: 141, stderr: '', stdout: '{\n' })
  })
})
