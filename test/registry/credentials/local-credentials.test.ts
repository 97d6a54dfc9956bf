import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { askCredentialHelper } from '../../../src/lib/registry/credentials/credential-helper.ts'
import { localCredentials } from '../../../src/lib/registry/credentials/local-credentials.ts'
import { FakeClock } from '../fake-clock.ts'

const target = { registry: 'r.io', repository: 'org/app' }

interface Place {
  readonly home: string
  file(path: string, content: unknown, mode?: number): Promise<string>
}

async function place(): Promise<Place> {
  const home = await mkdtemp(join(tmpdir(), 'home-'))
  onTestFinished(() => rm(home, { recursive: true }))
  return {
    home,
    async file(path, content, mode = 0o600) {
      const full = join(home, path)
      await mkdir(dirname(full), { recursive: true })
      await writeFile(full, typeof content === 'string' ? content : JSON.stringify(content))
      await chmod(full, mode)
      return full
    },
  }
}

const login = (user: string, registry = 'r.io') => ({
  auths: { [registry]: { auth: Buffer.from(`${user}:x`).toString('base64') } },
})

async function lookup(home: string, env: Record<string, string> = {}, warnings: string[] = []) {
  const find = localCredentials({ env, home, clock: new FakeClock(), warn: (text) => warnings.push(text) })
  return find(target)
}

describe('where logins are looked for', () => {
  it('nowhere means anonymous', async () => {
    expect(await lookup((await place()).home)).toEqual({ kind: 'anonymous', source: 'anonymous' })
  })

  it.each([
    ['.docker/config.json', {}],
    ['elsewhere/config.json', { DOCKER_CONFIG: 'elsewhere' }],
    ['my-auth.json', { REGISTRY_AUTH_FILE: 'my-auth.json' }],
    ['run/containers/auth.json', { XDG_RUNTIME_DIR: 'run' }],
    ['cfg/containers/auth.json', { XDG_CONFIG_HOME: 'cfg' }],
    ['.config/containers/auth.json', {}],
  ])('%s with %o', async (path, variables) => {
    const { home, file } = await place()
    await file(path, login('me'))
    const env = Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [name, join(home, value)]),
    )
    expect(await lookup(home, env)).toMatchObject({ username: 'me', source: `~/${path}` })
  })

  it('the first file that has a login wins', async () => {
    const { home, file } = await place()
    await file('.docker/config.json', login('docker', 'other.io'))
    await file('.config/containers/auth.json', login('podman'))
    expect(await lookup(home)).toMatchObject({ username: 'podman' })
  })

  it('a file that others can read is warned of', async () => {
    const { home, file } = await place()
    const path = await file('.docker/config.json', login('me'), 0o644)
    const warnings: string[] = []
    expect(await lookup(home, {}, warnings)).toMatchObject({ username: 'me' })
    expect(warnings).toEqual([`${path} can be read by every user of this machine; run: chmod 600 ${path}`])
  })

  it('a broken file stops nothing, and is named as the reason for being anonymous', async () => {
    const { home, file } = await place()
    await file('.docker/config.json', '{"auths":')
    const source = 'anonymous, as ~/.docker/config.json: the docker configuration is not JSON'
    expect(await lookup(home)).toEqual({ kind: 'anonymous', source })
  })
})

describe('credential helpers', () => {
  const options = (home: string, env: Record<string, string> = {}) => ({
    env: { PATH: `${home}:/usr/bin:/bin`, ...env },
    clock: new FakeClock(),
  })
  const script = (body: string) => `#!/bin/sh\n${body}\n`
  const ok = (fields: string) => script(`read server; printf '{"ServerURL":"%s",${fields}}' "$server"`)

  it('are asked by their protocol: the server on stdin, "get" as argument', async () => {
    const { home, file } = await place()
    await file(
      'docker-credential-t',
      script('read s; printf \'{"Username":"%s","Secret":"%s"}\' "$1" "$s"'),
      0o700,
    )
    expect(await askCredentialHelper('t', 'r.io', options(home))).toMatchObject({
      username: 'get',
      password: 'r.io',
    })
    expect(await askCredentialHelper('t', 'docker.io', options(home))).toMatchObject({
      password: 'https://index.docker.io/v1/',
    })
  })

  it('may answer with an identity token', async () => {
    const { home, file } = await place()
    await file('docker-credential-t', ok('"Username":"<token>","Secret":"s"'), 0o700)
    expect(await askCredentialHelper('t', 'r.io', options(home))).toEqual({
      kind: 'identity-token',
      token: 's',
      source: 'docker-credential-t',
    })
  })

  it('that know nothing say so on stdout', async () => {
    const { home, file } = await place()
    await file('docker-credential-t', script('echo credentials not found in native keychain; exit 1'), 0o700)
    expect(await askCredentialHelper('t', 'r.io', options(home))).toBeUndefined()
  })

  it.each([
    ['fails', 'echo my-secret; exit 3', 'docker-credential-t failed with exit code 3'],
    ['answers nonsense', 'echo my-secret', 'docker-credential-t did not answer in JSON'],
    [
      'answers half',
      'echo "{\\"Username\\":\\"my-secret\\"}"',
      'docker-credential-t answered without user name and secret',
    ],
    ['floods', 'cat /dev/zero', 'docker-credential-t printed more than 65536 bytes'],
  ])('one that %s is an error that repeats nothing', async (_, body, message) => {
    const { home, file } = await place()
    await file('docker-credential-t', script(body), 0o700)
    await expect(askCredentialHelper('t', 'r.io', options(home))).rejects.toThrow(message)
    await expect(askCredentialHelper('t', 'r.io', options(home))).rejects.not.toThrow('my-secret')
  })

  it('one that hangs is ended, with its children', async () => {
    const { home, file } = await place()
    await file('docker-credential-t', script('tail -f /dev/null & wait'), 0o700)
    const clock = new FakeClock()
    const asked = askCredentialHelper('t', 'r.io', { ...options(home), clock })
    clock.expire()
    await expect(asked).rejects.toThrow('did not answer within 30 s')
  })

  it.each(['../evil', 'a/b', 'a b', 'a;b', '$(x)', ''])('%j is no name of one', async (name) => {
    await expect(askCredentialHelper(name, 'r.io', options('/tmp'))).rejects.toThrow('is no name')
  })

  it('are found on absolute PATH entries only', async () => {
    const { home, file } = await place()
    await file('docker-credential-t', ok('"Username":"u","Secret":"s"'), 0o700)
    const relative = { env: { PATH: `.:${''}:bin` }, clock: new FakeClock() }
    await expect(askCredentialHelper('t', 'r.io', relative)).rejects.toThrow(
      'docker-credential-t is not on PATH',
    )
    expect(await askCredentialHelper('t', 'r.io', options(home))).toMatchObject({ username: 'u' })
  })

  it("see none of the operator's other secrets", async () => {
    const { home, file } = await place()
    const body = script(
      'cat >/dev/null; printf \'{"Username":"u","Secret":"%s%s"}\' "$GITHUB_TOKEN" "$AWS_PROFILE"',
    )
    await file('docker-credential-t', body, 0o700)
    await file('docker-credential-ecr-login', body, 0o700)
    const env = { GITHUB_TOKEN: 'hidden', AWS_PROFILE: 'prod' }
    expect(await askCredentialHelper('t', 'r.io', options(home, env))).toMatchObject({ password: '' })
    expect(await askCredentialHelper('ecr-login', 'r.io', options(home, env))).toMatchObject({
      password: 'prod',
    })
  })

  it('come before plain entries, and plain entries help out', async () => {
    const { home, file } = await place()
    await file('.docker/config.json', { ...login('plain'), credHelpers: { 'r.io': 't' } })
    const env = { PATH: `${home}:/usr/bin:/bin` }
    expect(await lookup(home, env)).toMatchObject({ username: 'plain' })
    await file('docker-credential-t', ok('"Username":"helped","Secret":"s"'), 0o700)
    expect(await lookup(home, env)).toMatchObject({
      username: 'helped',
      source: '~/.docker/config.json (docker-credential-t)',
    })
  })

  it('are asked once for all repositories of a registry, and again when their answer was rejected', async () => {
    const { home, file } = await place()
    await file('.docker/config.json', { credsStore: 't' })
    const counting = `cat >/dev/null; echo x >>${home}/runs; n=$(wc -l <${home}/runs)`
    await file(
      'docker-credential-t',
      script(`${counting}; printf '{"Username":"u","Secret":"%s"}' $n`),
      0o700,
    )
    const find = localCredentials({ env: { PATH: `${home}:/usr/bin:/bin` }, home, clock: new FakeClock() })
    const [first, second] = await Promise.all([find(target), find({ ...target, repository: 'other' })])
    expect([first, second]).toMatchObject([{ password: '1' }, { password: '1' }])
    expect(await find(target, first)).toMatchObject({ password: '2' })
    expect(await find({ ...target, repository: 'other' }, second)).toMatchObject({ password: '2' })
  })

  it('that are missing are named as the reason for being anonymous', async () => {
    const { home, file } = await place()
    await file('.docker/config.json', { credsStore: 'gone' })
    expect(await lookup(home, { PATH: home })).toEqual({
      kind: 'anonymous',
      source: 'anonymous, as docker-credential-gone is not on PATH',
    })
  })
})
