import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Connection } from '../../src/lib/cluster/connection.ts'
import { ANONYMOUS } from '../../src/lib/cluster/credential.ts'
import { type ExecEnvironment, execCredentialSource } from '../../src/lib/cluster/exec-credential.ts'
import { EMPTY_CLUSTER, EMPTY_USER, type ExecPlugin } from '../../src/lib/cluster/kubeconfig.ts'
import { temporaryFolder } from './temporary-folder.ts'

const API_VERSION = 'client.authentication.k8s.io/v1'

/** A plugin that notes what it was given in `runs`, one JSON line a run, and prints what the test wants. */
const program = (answer: string) => `#!${process.execPath}
const fs = require('node:fs')
const runs = require('node:path').join(__dirname, 'runs')
const info = JSON.parse(process.env.KUBERNETES_EXEC_INFO)
fs.appendFileSync(runs, JSON.stringify({ args: process.argv.slice(2), info, stage: process.env.STAGE, home: process.env.HOME }) + '\\n')
const run = fs.readFileSync(runs, 'utf8').trim().split('\\n').length
const credential = (status) => console.log(JSON.stringify({ kind: 'ExecCredential', apiVersion: info.apiVersion, status }))
${answer}
`
const token = program("credential({ token: 'token-' + run })")

describe('a plugin', () => {
  it('is run without a shell, with its arguments and environment, and told about the request', async () => {
    const { source, runs } = await plugin(token, {
      args: ['--name', 'a b; $(echo)'],
      env: [{ name: 'STAGE', value: 'prod' }],
    })
    expect((await source.current()).authorization).toBe('Bearer token-1')
    expect(await runs()).toEqual([
      {
        args: ['--name', 'a b; $(echo)'],
        stage: 'prod',
        home: '/home/jane',
        info: { kind: 'ExecCredential', apiVersion: API_VERSION, spec: { interactive: false } },
      },
    ])
  })

  it('hears about the cluster when it asks', async () => {
    const { source, runs } = await plugin(token, { provideClusterInfo: true })
    await source.current()
    expect((await runs())[0]?.info.spec).toEqual({
      interactive: false,
      cluster: {
        server: 'https://api.test',
        'tls-server-name': 'name.test',
        'certificate-authority-data': 'Q0E=',
        config: { audience: 'x' },
      },
    })
  })

  it('is asked once while its answer has no end', async () => {
    const { source, runs } = await plugin(token)
    await source.current()
    expect((await source.current()).authorization).toBe('Bearer token-1')
    expect(await runs()).toHaveLength(1)
  })

  it('is run once for many requests at a time', async () => {
    const { source, runs } = await plugin(token)
    const all = await Promise.all(Array.from({ length: 10 }, () => source.current()))
    expect(new Set(all.map((one) => one.authorization))).toEqual(new Set(['Bearer token-1']))
    expect(await runs()).toHaveLength(1)
  })

  it('is run again shortly before its answer expires', async () => {
    let now = Date.parse('2030-01-01T00:00:00Z')
    const { source } = await plugin(
      program("credential({ token: 'token-' + run, expirationTimestamp: '2030-01-01T01:00:00Z' })"),
      {},
      { now: () => now },
    )
    await source.current()
    now = Date.parse('2030-01-01T00:59:45Z')
    expect((await source.current()).authorization).toBe('Bearer token-1')
    now = Date.parse('2030-01-01T00:59:55Z')
    expect((await source.current()).authorization).toBe('Bearer token-2')
  })

  it('is run again once when the server rejects what it returned, however many requests fail together', async () => {
    const { source, runs } = await plugin(token)
    const rejected = await source.current()
    expect(source.reject(rejected)).toBe(true)
    await source.current()
    expect(source.reject(rejected)).toBe(true)
    expect((await source.current()).authorization).toBe('Bearer token-2')
    expect(await runs()).toHaveLength(2)
  })

  it('may return a client certificate', async () => {
    const { source } = await plugin(
      program("credential({ clientCertificateData: 'CERT', clientKeyData: 'KEY' })"),
    )
    expect(await source.current()).toEqual({ authorization: '', certificate: 'CERT', key: 'KEY' })
  })

  it('is found on PATH, but never in the current folder', async () => {
    const folder = await temporaryFolder({ login: token })
    const found = execCredentialSource(
      definition('login'),
      connection,
      ANONYMOUS,
      environment({ PATH: folder }),
    )
    expect((await found.current()).authorization).toBe('Bearer token-1')
    const relative = path.relative(process.cwd(), folder)
    const missed = execCredentialSource(
      definition('login'),
      connection,
      ANONYMOUS,
      environment({ PATH: `${relative}:` }),
    )
    await expect(missed.current()).rejects.toThrow(/was not found/)
  })

  it('that is missing shows how to install it', async () => {
    const missing = { ...definition('no-such-login'), installHint: 'Install it with: brew install login\n' }
    const source = execCredentialSource(missing, connection, ANONYMOUS, environment())
    await expect(source.current()).rejects.toMatchObject({
      message: expect.stringContaining('no-such-login'),
      remedy: 'Install it with: brew install login',
    })
  })

  it('shows its messages and questions at once, or hands them to a live view', async () => {
    const messages: string[] = []
    const { source } = await plugin(
      program("process.stderr.write('Touch your key: '); credential({ token: 'x' })"),
      {},
      { messages: (text) => messages.push(text) },
    )
    await source.current()
    expect(messages.join('')).toBe('Touch your key: ')
    const script = `
      import { runProgram } from ${JSON.stringify(path.resolve('src/lib/cluster/exec-program.ts'))}
      await runProgram(process.execPath, ['-e', 'process.stderr.write("Password: ")'], {}, true, { env: {}, platform: 'linux' })`
    const child = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
    expect(child).toMatchObject({ status: 0, stdout: '', stderr: 'Password: ' })
  })

  it('that failed is run anew by the next request', async () => {
    const { source } = await plugin(program("run === 1 ? process.exit(3) : credential({ token: 'late' })"))
    await expect(source.current()).rejects.toThrow(/failed with exit code 3/)
    expect((await source.current()).authorization).toBe('Bearer late')
  })
})

describe('an answer is refused when it', () => {
  it.each([
    ['is empty', '', /printed nothing/],
    ['is no JSON', "console.log('hello')", /did not print JSON/],
    ['is another kind', "console.log('{}')", /did not print an ExecCredential/],
    [
      'has another version',
      "info.apiVersion = 'client.authentication.k8s.io/v1beta1'; credential({ token: 'x' })",
      /v1beta1", but is configured for/,
    ],
    ['has no status', 'credential(undefined)', /without a status/],
    ['holds nothing', 'credential({})', /neither a token nor a certificate/],
    ['has a certificate without key', "credential({ clientCertificateData: 'C' })", /only one of/],
    ['expires at no time', "credential({ token: 'x', expirationTimestamp: 'soon' })", /no date/],
    ['is endless', "credential({ token: 'x'.repeat(2 * 1024 * 1024) })", /more than 1 MiB/],
  ])('%s', async (_, answer, message) => {
    const { source } = await plugin(program(answer))
    await expect(source.current()).rejects.toThrow(message)
  })
})

describe('interactiveMode', () => {
  it.each([
    { mode: 'Never', terminal: true, interactive: false },
    { mode: 'IfAvailable', terminal: true, interactive: true },
    { mode: 'IfAvailable', terminal: false, interactive: false },
    { mode: '', terminal: true, interactive: true },
    { mode: 'Always', terminal: true, interactive: true },
  ])('"$mode" with terminal $terminal: interactive $interactive', async ({ mode, terminal, interactive }) => {
    const { source, runs } = await plugin(token, { interactiveMode: mode }, { stdinIsTerminal: terminal })
    await source.current()
    expect((await runs())[0]?.info.spec.interactive).toBe(interactive)
  })

  it.each([
    [{ stdinIsTerminal: false }, /standard input is not a terminal/],
    [{ stdinIsTerminal: true, stdinTaken: () => 'manifests are read from it' }, /manifests are read from it/],
  ])('Always needs a terminal: %o', async (surroundings, message) => {
    const { source } = await plugin(token, { interactiveMode: 'Always' }, surroundings)
    await expect(source.current()).rejects.toThrow(message)
  })
})

describe("the operator's policy (kuberc)", () => {
  it.each([
    ['nothing said', 'kind: Preference', true],
    ['AllowAll', 'credentialPluginPolicy: AllowAll', true],
    ['DenyAll', 'credentialPluginPolicy: DenyAll', false],
    [
      'a list with its name',
      'credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: [{name: login}]',
      true,
    ],
    [
      'a list with its path, newer spelling',
      'credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: [{command: FOLDER/login}]',
      true,
    ],
    [
      'a list without it',
      'credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: [{name: other}]',
      false,
    ],
    ['an unknown policy', 'credentialPluginPolicy: Sometimes', false],
    ['several documents', 'a: b\n---\ncredentialPluginPolicy: DenyAll\n', false],
    ['not to be understood', 'credentialPluginPolicy: [', false],
  ])('%s', async (_, kuberc, allowed) => {
    const folder = await temporaryFolder({ login: token, other: token })
    const home = await temporaryFolder({ '.kube/kuberc': kuberc.replace('FOLDER', folder) })
    const source = execCredentialSource(
      definition('login'),
      connection,
      ANONYMOUS,
      environment({ PATH: folder, HOME: home }),
    )
    if (allowed) await expect(source.current()).resolves.toMatchObject({ authorization: 'Bearer token-1' })
    else await expect(source.current()).rejects.toThrow(/may not run|unknown whether/)
  })
})

const connection: Connection = {
  context: 'test',
  userName: 'jane',
  server: 'https://api.test',
  cluster: {
    ...EMPTY_CLUSTER,
    server: 'https://api.test',
    tlsServerName: 'name.test',
    certificateAuthorityData: 'Q0E=',
    execConfig: { audience: 'x' },
  },
  user: EMPTY_USER,
  contextNamespace: '',
  requestTimeout: 0,
  addressNote: '',
}

function definition(command: string, more: Partial<ExecPlugin> = {}): ExecPlugin {
  return {
    apiVersion: API_VERSION,
    command,
    args: [],
    env: [],
    installHint: '',
    provideClusterInfo: false,
    interactiveMode: 'IfAvailable',
    ...more,
  }
}

function environment(env: Record<string, string> = {}): ExecEnvironment {
  return {
    env: { PATH: '', HOME: '/home/jane', ...env },
    platform: 'linux',
    stdinIsTerminal: false,
    stdinTaken: () => '',
    now: Date.now,
  }
}

interface Run {
  readonly args: string[]
  readonly info: { spec: { interactive: boolean; cluster?: object } }
}

async function plugin(
  script: string,
  more: Partial<ExecPlugin> = {},
  surroundings: Partial<ExecEnvironment> = {},
) {
  const folder = await temporaryFolder({ login: script })
  const source = execCredentialSource(definition(path.join(folder, 'login'), more), connection, ANONYMOUS, {
    ...environment(),
    ...surroundings,
  })
  const runs = async (): Promise<Run[]> =>
    (await readFile(path.join(folder, 'runs'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  return { source, runs }
}
