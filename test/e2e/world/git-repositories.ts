import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { git } from '../../git/plain-git.ts'
import { BASIC, type GitServer, startGitServer } from '../../git/server.ts'
import type { Deployed } from './manifests.ts'
import type { Finished, Running } from './plugin.ts'
import { startWorld, type World } from './world.ts'

/** A repository of one test's own. */
export interface GitRepository {
  readonly name: string
  readonly url: string
  /** The folder of the bare repository. */
  readonly folder: string
  /** A file of a branch, without blanks at its end. */
  show(path: string, branch?: string): Promise<string>
  /** First lines of the commits of a branch, newest first. */
  subjects(branch?: string): Promise<string[]>
  /** Lines that the last commit took away and added, without the names of the files. */
  changedLines(branch?: string): Promise<string[]>
}

/** A world with a git server, whose login Argo CD keeps, and an operator whose own git names Ann. */
export interface GitWorld {
  readonly world: World
  readonly server: GitServer
  /** `registry/id/web`, with the tags 1.0.0, 1.1.0 and 1.2.0. */
  readonly image: string
  /** Makes a repository; IMAGE in its files is the image. */
  repository(files: Readonly<Record<string, string>>): Promise<GitRepository>
  /** Creates an Application that runs the image at 1.0.0 and commits 1.1.0 to a repository. */
  deploy(
    name: string,
    url: string,
    rules: Readonly<Record<string, string>>,
    more?: Partial<Deployed>,
  ): Promise<void>
  /** What all commands need to reach the server. */
  readonly reach: readonly string[]
  run(...args: string[]): Promise<Finished>
  start(...args: string[]): Running
  close(): Promise<void>
}

export const KUSTOMIZATION = `# what runs in production
images:
- name: web # ours
  newName: IMAGE
  newTag: 1.0.0   # moved by image-updater
resources:
- deployment.yaml
`

export async function startGitWorld(): Promise<GitWorld> {
  const [world, server] = await Promise.all([startWorld(), startGitServer()])
  const image = world.repository('web')
  await writeFile(join(world.home, '.gitconfig'), '[user]\n\tname = Ann\n\temail = ann@example.com\n')
  for (const tag of ['1.0.0', '1.1.0', '1.2.0']) await world.push('web', tag)
  await world.apply({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: 'default', namespace: world.namespace },
    spec: { sourceRepos: [`${server.origin}/*`, '!*/forbidden-*'] },
  })
  await world.apply({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      labels: { 'argocd.argoproj.io/secret-type': 'repo-creds' },
      name: 'git',
      namespace: world.namespace,
    },
    stringData: { password: BASIC.password, url: server.origin, username: BASIC.username },
    type: 'Opaque',
  })
  const reach = ['--allow-git-host', new URL(server.origin).host]
  let number = 0
  return {
    close: async () => {
      await world.close()
      await server[Symbol.asyncDispose]()
    },
    deploy: async (name, url, rules, more = {}) => {
      await world.deploy({
        images: { web: `${image}:1.0.0` },
        name,
        rules: {
          'git-repository': url,
          'image-list': `web=${image}:1.1.x`,
          'write-back-method': 'git',
          ...rules,
        },
        ...more,
      })
      await world.settle()
    },
    image,
    reach,
    repository: async (files) => {
      number += 1
      const name = `gitops-${number}.git`
      const texts = Object.entries(files).map(([path, text]) => [path, text.replaceAll('IMAGE', image)])
      const folder = await server.createRepository(name, Object.fromEntries(texts))
      return {
        changedLines: async (branch = 'main') =>
          (await git(folder, 'diff', '--unified=0', `${branch}~1`, branch))
            .split('\n')
            .filter((line) => /^[-+](?!--|\+\+)/.test(line)),
        folder,
        name,
        show: (path, branch = 'main') => git(folder, 'show', `${branch}:${path}`),
        subjects: async (branch = 'main') => (await git(folder, 'log', '--format=%s', branch)).split('\n'),
        url: `${server.origin}/${name}`,
      }
    },
    run: (...args) => world.run([...args, ...reach]),
    server,
    start: (...args) => world.start([...args, ...reach]),
    world,
  }
}
