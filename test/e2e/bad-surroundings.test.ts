import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest'
import { parse, stringify } from 'yaml'
import { resourceVersion, runningDigests } from './world/cluster-facts.ts'
import { startWorld, type World, type WorldOptions } from './world/world.ts'

/** The context says whose world it is: tests run at the same time. */
async function openWorld(test: TestContext, options?: WorldOptions): Promise<World> {
  const world = await startWorld(options)
  test.onTestFinished(() => world.close())
  return world
}

async function deployVersioned(world: World, name: string, tags = ['1.0.0', '1.1.0']): Promise<void> {
  const image = world.repository(name)
  for (const tag of tags) await world.push(name, tag)
  await world.deploy({ name, images: { app: `${image}:1.0.0` }, rules: { 'image-list': `app=${image}` } })
}

function errorLines(stderr: string): string[] {
  return stderr.split('\n').filter((line) => line.startsWith('error: '))
}

/** A port of this machine at which nobody listens. */
async function deadHost(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return `127.0.0.1:${port}`
}

describe.concurrent('an image that cannot be looked up stops no other', () => {
  it.for([
    {
      what: 'a repository that does not exist',
      prepare: async (world: World) => world.repository('absent'),
      reason:
        /cannot list the tags of \S+absent: no such repository \(HTTP 404 NAME_UNKNOWN\)\. Check the name/,
    },
    {
      what: 'a registry that is down',
      prepare: async () => `${await deadHost()}/web`,
      reason: /cannot list the tags of web: no connection to 127\.0\.0\.1:\d+ \(ECONNREFUSED\)/,
    },
    {
      what: 'a registry on a private address that nobody allowed',
      prepare: async () => 'registry.localhost:5000/web',
      reason: /registry\.localhost:5000 is a loopback address\. .*allow/,
    },
  ])('$what', async ({ prepare, reason }, test) => {
    const world = await openWorld(test)
    const image = await prepare(world)
    const rules = { 'image-list': `app=${image}` }
    await world.deploy({ name: 'bad', images: { app: `${image}:1.0.0` }, rules })
    await deployVersioned(world, 'good')
    await world.settle()
    const before = await resourceVersion(world, 'Application', 'bad')
    const host = image.split('/', 1)[0] ?? ''
    const allowed = host.startsWith('127.') ? ['--plain-http-registry', host] : []
    const { code, stdout, stderr } = await world.run(['update', '--yes', ...allowed])
    expect(code).toBe(1)
    expect(errorLines(stderr)).toEqual([expect.stringMatching(reason)])
    expect(errorLines(stderr)[0]).toContain('bad app: ')
    expect(stdout).toContain('application.argoproj.io/good updated: image app 1.0.0 → 1.1.0')
    expect(await resourceVersion(world, 'Application', 'bad')).toBe(before)
  })

  it('2 MB of garbage as a list of tags', async (test) => {
    const world = await openWorld(test, { detours: true })
    await deployVersioned(world, 'bad')
    await deployVersioned(world, 'good')
    await world.settle()
    const garbage = Buffer.alloc(2 * 1024 * 1024, '\u001b[31m{"tags":["\u0000')
    if (!world.registry) throw new Error('this world has detours')
    world.registry.intercept = (line) =>
      line.includes('/bad/tags/list') ? { status: 200, body: garbage } : undefined
    const before = await resourceVersion(world, 'Application', 'bad')
    const { code, stdout, stderr } = await world.run(['update', '--yes'])
    expect(code).toBe(1)
    expect(errorLines(stderr)).toEqual([expect.stringMatching(/^error: bad app: .*cannot list the tags of/)])
    expect(stderr).not.toContain('\u001b')
    expect(stderr.length).toBeLessThan(2000)
    expect(stdout).toContain('application.argoproj.io/good updated')
    expect(await resourceVersion(world, 'Application', 'bad')).toBe(before)
  })
})

describe('a registry that wants a login', () => {
  let world: World
  let digest: string
  beforeAll(async () => {
    world = await startWorld({ authentication: true })
    await world.push('private', '1.0.0')
    digest = await world.push('private', '1.1.0')
    const image = world.repository('private')
    await world.deploy({
      name: 'private',
      images: { app: `${image}:1.0.0` },
      rules: { 'image-list': `app=${image}` },
    })
    await world.settle()
  })
  afterAll(() => world?.close())

  const login = async (username: string, password: string) => {
    const auth = Buffer.from(`${username}:${password}`).toString('base64')
    await mkdir(join(world.home, '.docker'), { recursive: true })
    const config = { auths: { [world.registryHost]: { auth } } }
    await writeFile(join(world.home, '.docker', 'config.json'), JSON.stringify(config))
  }

  it('says that it wants one when there is none', async () => {
    const { code, stderr } = await world.run(['update', '-y'])
    expect(code).toBe(1)
    expect(errorLines(stderr)).toEqual([
      expect.stringMatching(/^error: private app: .*it wants a login \(HTTP 401 \w+\)\. .*docker login/),
    ])
  })

  it('says where the login was found when it is wrong, and never the password', async () => {
    await login(world.credentials.username, 'hunter2-wrong')
    const before = await resourceVersion(world, 'Application', 'private')
    const { code, stdout, stderr } = await world.run(['update', '-y'])
    expect(code).toBe(1)
    expect(errorLines(stderr)).toEqual([
      expect.stringMatching(/^error: private app: .*it refuses the login from .*\.docker\/config\.json/),
    ])
    expect(stdout + stderr).not.toContain('hunter2')
    expect(stdout + stderr).not.toContain(
      Buffer.from(`${world.credentials.username}:hunter2`).toString('base64').slice(0, 12),
    )
    expect(await resourceVersion(world, 'Application', 'private')).toBe(before)
  })

  it('works with the login of docker', async () => {
    await login(world.credentials.username, world.credentials.password)
    expect(await world.run(['update', '-y'])).toMatchObject({ code: 0 })
    await world.settle()
    expect(await runningDigests(world, 'private')).toEqual([digest])
    const tags = await world.run(['tags', world.repository('private'), '-o', 'json'])
    expect(JSON.parse(tags.stdout)).toMatchObject({
      credential: expect.stringContaining('.docker/config.json'),
    })
  })
})

describe('a cluster that cannot be read is one line', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
    await deployVersioned(world, 'shop')
    await world.settle()
  })
  afterAll(() => world?.close())

  it.each([
    {
      what: 'a server that is away',
      args: async () => ['--server', `https://${await deadHost()}`],
      error:
        /cannot reach the API server https:\/\/127\.0\.0\.1:\d+ of context end-to-end: connection refused\. /,
    },
    {
      what: 'an untrusted certificate',
      args: async () => ['--certificate-authority', '/etc/ssl/certs/ca-certificates.crt'],
      error: /certificate/,
    },
    {
      what: 'a context that does not exist',
      args: async () => ['--context', 'prod-eu'],
      error: /prod-eu.*end-to-end/,
    },
    {
      what: 'a kubeconfig that does not exist',
      args: async () => ['--kubeconfig', '/nowhere/config'],
      error: /\/nowhere\/config/,
    },
    {
      what: 'a wrong token',
      args: async () => {
        const config = parse(await readFile(world.kubeconfig, 'utf8'))
        config.users[0].user = { token: 'wrong' }
        await writeFile(join(world.home, 'wrong-token'), stringify(config))
        return ['--kubeconfig', join(world.home, 'wrong-token')]
      },
      error: /end-to-end.*nauthorized|nauthorized.*end-to-end|end-to-end.*401/,
    },
    {
      what: 'a namespace that does not exist',
      args: async () => ['-n', 'nowhere', 'shop'],
      error: /application "shop" not found in namespace nowhere of context end-to-end/,
    },
    { what: 'a selector that is none', args: async () => ['-l', 'a=b=c'], error: /a=b=c|parse|found '='/ },
  ])('$what', async ({ args, error }) => {
    const { code, stdout, stderr } = await world.run(['check', ...(await args())])
    expect(code).toBe(1)
    expect(stdout).not.toContain('shop ')
    expect(errorLines(stderr)).toEqual([expect.stringMatching(error)])
  })

  it('a list of kubeconfigs with a missing file works with the others, as kubectl does', async () => {
    const missing = join(world.home, 'missing')
    const KUBECONFIG = `${missing}:${world.kubeconfig}`
    const { code, stdout } = await world.run(['check', 'shop', '-o', 'name'], { env: { KUBECONFIG } })
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'application.argoproj.io/shop\n' })
    const none = await world.run(['check'], { env: { KUBECONFIG: `${missing}:${missing}2` } })
    expect(none.code).toBe(1)
    expect(errorLines(none.stderr)).toHaveLength(1)
  })

  it('an Application that was named wrong does not keep the others from being handled', async () => {
    const { code, stdout, stderr } = await world.run(['update', 'shpo', 'shop', '--yes'])
    expect(code).toBe(1)
    expect(errorLines(stderr)).toEqual([expect.stringContaining('application "shpo" not found')])
    expect(stdout).toContain('application.argoproj.io/shop updated')
  })
})
