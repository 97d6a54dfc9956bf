import { once } from 'node:events'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { GitAccess } from '../../src/lib/git/access.ts'
import { answerTo } from '../../src/lib/git/askpass.ts'
import { openRemote } from '../../src/lib/git/remote.ts'
import { parseRepositoryUrl } from '../../src/lib/git/repository-url.ts'
import { findGit } from '../../src/lib/git/run-git.ts'
import { scrub } from '../../src/lib/git/scrub.ts'
import { world, writing } from '../git/operator.ts'
import { seenProcesses } from '../git/processes.ts'
import { BASIC } from '../git/server.ts'

const edit = writing('app/values.yaml', 'tag: "1.1"\n')
const BEARER: GitAccess = { kind: 'bearer', token: 'beärer-tok3n-4711' }

describe('S12: a credential is seen by the server that it is for, and by nobody else', () => {
  it.each<[GitAccess, string, string]>([
    [BASIC, BASIC.password, `Basic ${Buffer.from(`${BASIC.username}:${BASIC.password}`).toString('base64')}`],
    [BEARER, 'tok3n-4711', 'Bearer beärer-tok3n-4711'],
  ])(
    '$kind: neither in arguments nor in environments, nor in the cache',
    async (access, secret, authorization) => {
      const latin = Buffer.from(authorization).toString('latin1')
      const { change, server, home } = await world(undefined, { authorization: latin })
      let looked = 0
      server.before = async () => {
        looked++
        const seeing = (await seenProcesses()).filter(({ args, env }) =>
          `${args}${env}`.includes(secret.slice(-8)),
        )
        expect(seeing).toEqual([])
      }
      await change({ access, edit })
      expect(looked).toBeGreaterThan(4)
      for (const name of await readdir(home, { recursive: true })) {
        const file = join(home, name)
        if ((await stat(file)).isFile()) expect((await readFile(file)).includes(secret.slice(-8))).toBe(false)
      }
    },
  )

  it('what is put in files is private, and gone afterwards', async () => {
    const { env } = await world()
    const program = await findGit(env, process.platform)
    const before = new Set(await readdir(tmpdir()))
    const access: GitAccess = { kind: 'ssh', privateKey: 'KEY', knownHosts: 'HOSTS' }
    let folder = ''
    {
      await using _remote = await openRemote(program, parseRepositoryUrl('git@git.example.com:r'), access)
      const made = (await readdir(tmpdir())).filter(
        (name) => !before.has(name) && name.startsWith('kubectl-image-updater-git-'),
      )
      const folders = await Promise.all(
        made.map(async (name) => ({
          folder: join(tmpdir(), name),
          key: await readFile(join(tmpdir(), name, 'key'), 'utf8').catch(() => ''),
        })),
      )
      folder = folders.find(({ key }) => key === 'KEY\n')?.folder ?? ''
      expect((await stat(folder)).mode & 0o777).toBe(0o700)
      for (const name of await readdir(folder)) expect((await stat(join(folder, name))).mode & 0o077).toBe(0)
    }
    await expect(stat(folder)).rejects.toThrow()
  })

  it('no error text holds it', async () => {
    const { change } = await world()
    const access = { ...BASIC, password: 'wr0ng-pässword' }
    const error = await change({ access, edit }).catch((thrown: unknown) => thrown)
    expect(JSON.stringify([error, String((error as Error).stack)])).not.toContain('wr0ng')
  })

  it.each([
    ["fatal: unable to access 'https://me:pa55@host/r/'", "fatal: unable to access 'https://host/r/'"],
    ['Authorization: Basic bWU6cGE1NQ==', 'Authorization: Basic ***'],
    [`token ghp_${'a'.repeat(36)} is bad`, 'token *** is bad'],
    [`glpat-${'b'.repeat(20)}`, '***'],
    ['the secret k3y of ours', 'the secret *** of ours'],
  ])('%j is shown as %j', (text, shown) => {
    expect(scrub(text, ['k3y'])).toBe(shown)
  })

  it.each([
    ["Username for 'https://git.example.com': ", 'me'],
    ["Password for 'https://me@git.example.com': ", 'pw'],
    ["Password for 'https://me@git.example.com.evil.example': ", ''],
    ["Password for 'https://git.example.com@evil.example': ", ''],
    ["Password for 'http://me@git.example.com': ", ''],
    ["Password for 'https://me@git.example.com:8443': ", ''],
    ["Enter passphrase for key '/x': ", ''],
    ['', ''],
  ])('asked %j, the answer is %j', (question, answer) => {
    const answers = { origin: 'https://git.example.com', username: 'me', password: 'pw' }
    expect(answerTo(question, answers)).toBe(answer)
  })

  it.each<GitAccess>([BASIC, BEARER])('$kind: a redirect to another server gets nothing', async (access) => {
    const seen: (string | undefined)[] = []
    const thief = createServer((request, response) => {
      seen.push(request.headers.authorization)
      response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end()
    })
    const redirecting = createServer((request, response) => {
      const { port } = thief.address() as AddressInfo
      response.writeHead(302, { location: `http://localhost:${port}${request.url}` }).end()
    })
    for (const server of [thief, redirecting]) {
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      onTestFinished(() => void server.close())
    }
    const { change } = await world()
    const { port } = redirecting.address() as AddressInfo
    const led = change({ access, url: `http://127.0.0.1:${port}/r.git`, edit })
    await expect(led).rejects.toMatchObject({ kind: access.kind === 'basic' ? 'credentials' : 'refused' })
    expect(seen.length > 0).toBe(access.kind === 'basic')
    expect(seen.filter((header) => header !== undefined)).toEqual([])
  })

  it('the credentials of the operator are not sent in place of those of the cluster', async () => {
    const { change, home } = await world()
    await writeFile(
      join(home, '.netrc'),
      `machine 127.0.0.1 login ${BASIC.username} password ${BASIC.password}\n`,
    )
    await writeFile(join(home, '.git-credentials'), '')
    await expect(change({ access: { kind: 'none' }, edit })).rejects.toMatchObject({ kind: 'credentials' })
    const { pushed } = await change({ access: { kind: 'local' }, edit: writing('new', 'x') })
    expect(pushed).toBe(true)
  })
})
