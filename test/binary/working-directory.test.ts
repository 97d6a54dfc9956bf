import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Sandbox, startSandbox } from '../../src/lib/sandbox/index.ts'
import { temporaryFolder } from '../cluster/temporary-folder.ts'
import { startProgram } from '../e2e/world/plugin.ts'
import { PROGRAM } from '../program.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())

/** Tells that it was run, on every way that a runtime offers. */
const HOSTILE = `
console.log('RUN BY THE WORKING DIRECTORY')
process.stderr.write('RUN BY THE WORKING DIRECTORY')
module.exports = class { static run() { console.log('RUN BY THE WORKING DIRECTORY') } }
`
const PACKAGES = [
  '@aws-sdk/signature-v4-crt',
  '@aws-sdk/client-ecr',
  '@inquirer/prompts',
  '@oclif/core',
  'pnpapi',
  'ts-node',
  'tsx',
  'typescript',
  'undici',
  'yaml',
]

/** A folder, as of a cloned repository, in which everything wants to be run. */
async function hostileFolder(): Promise<string> {
  const folder = await temporaryFolder()
  const files: Record<string, string> = {
    '.env': 'KUBECONFIG=hostile\nHTTPS_PROXY=http://127.0.0.1:9\nNO_PROXY=\n',
    '.env.local': 'KUBECONFIG=hostile\n',
    '.env.production': 'KUBECONFIG=hostile\n',
    'bunfig.toml': 'preload = ["./hostile.js"]\n[run]\nbun = true\n',
    '.bunfig.toml': 'preload = ["./hostile.js"]\n',
    'hostile.js': HOSTILE,
    'package.json': JSON.stringify({
      name: 'kubectl-image-updater',
      version: '9.9.9',
      engines: { node: '99' },
      imports: { '#x': './hostile.js' },
      oclif: {
        commands: './',
        helpClass: './hostile.js',
        hooks: { init: './hostile.js' },
        plugins: ['yaml'],
      },
    }),
    'tsconfig.json': JSON.stringify({ compilerOptions: { baseUrl: '.', paths: { '*': ['./hostile.js'] } } }),
    '.oclifrc': HOSTILE,
    '.pnp.cjs': HOSTILE,
    ...Object.fromEntries(PACKAGES.map((name) => [`node_modules/${name}/index.js`, HOSTILE])),
  }
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
  return folder
}

it.each([
  { args: ['version'], shows: /^kubectl image-updater v(?!9\.9\.9)/ },
  { args: ['--help'], shows: /^See which newer images/ },
  { args: ['check', '--help'], shows: /^Show what would change now/ },
  { args: ['list'], shows: /^APPLICATION/ },
  { args: ['tags', '000000000000.dkr.ecr.eu-west-1.amazonaws.com/web', '--help'], shows: /^Show the tags/ },
])('$args is the same in a folder that wants to be run', async ({ args, shows }) => {
  const home = await temporaryFolder()
  const env = { HOME: home, KUBECONFIG: sandbox.kubeconfigPath, NODE_ENV: 'development', PATH: '' }
  const inside = await startProgram(PROGRAM, args, { cwd: await hostileFolder(), env }).finished
  expect(inside.stdout).toMatch(shows)
  expect(inside).toEqual(await startProgram(PROGRAM, args, { cwd: home, env }).finished)
  expect(`${inside.stdout}${inside.stderr}`).not.toContain('RUN BY')
})
