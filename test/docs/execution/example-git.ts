import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { BASIC, type GitServer, startGitServer } from '../../git/server.ts'
import { gitea } from '../../pull-requests/gitea-double.ts'
import { openDouble, type ServiceDouble } from '../../pull-requests/service-double.ts'

/** `git.example.com` of the pages: git, and the API of a Gitea. */
export interface ExampleGit {
  /** `127.0.0.1:port` of what answers for a path. */
  hostFor(path: string): string
  /**
   * Makes a repository of a folder's files.
   *
   * @param name `acme/shop.git`
   */
  createRepository(name: string, folder: string): Promise<void>
  close(): Promise<void>
}

/**
 * What Argo CD knows of it: a login, and the certificate authority.
 *
 * @param certificate in PEM
 * @returns a command that says so in the cluster
 */
export function knownToArgoCd(certificate: string): string {
  const items = [
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { labels: { 'argocd.argoproj.io/secret-type': 'repo-creds' }, name: 'git-example' },
      stringData: { password: BASIC.password, url: 'https://git.example.com', username: BASIC.username },
    },
    {
      apiVersion: 'v1',
      data: { 'git.example.com': certificate },
      kind: 'ConfigMap',
      metadata: { name: 'argocd-tls-certs-cm' },
    },
  ]
  const documents = items.map((item) => JSON.stringify(item)).join('\n')
  return `kubectl apply -n argocd -f - <<'END'\n${documents}\nEND`
}

export async function openExampleGit(): Promise<ExampleGit> {
  // The pages clone without a login.
  const git: GitServer = await startGitServer({ authorization: '' })
  const api: ServiceDouble = await openDouble(gitea, 'https://git.example.com')
  return {
    close: async () => {
      api.close()
      await git[Symbol.asyncDispose]()
    },
    createRepository: async (name, folder) => {
      const paths = globSync('**/*', { cwd: folder, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
      const files = paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')])
      await git.createRepository(name, Object.fromEntries(files))
    },
    hostFor: (path) => (path.startsWith('/api/') ? api.host : new URL(git.origin).host),
  }
}
