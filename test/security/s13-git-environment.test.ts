import { access, chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { gitEnvironment } from '../../src/lib/git/git-environment.ts'
import { world, writing } from '../git/operator.ts'
import { gitProcesses } from '../git/processes.ts'

const edit = writing('app/values.yaml', 'tag: "1.1"\n')
const LOCAL = { kind: 'local' } as const

describe('S13: git runs with a clean environment and runs nothing else', () => {
  it('only what it needs is passed on', () => {
    const env = {
      PATH: '/usr/bin::.:relative:/bin',
      HOME: '/home/op',
      XDG_CONFIG_HOME: '/home/op/.config',
      SSH_AUTH_SOCK: '/run/agent',
      HTTPS_PROXY: 'http://proxy:3128',
      LANG: 'de_DE.UTF-8',
      AWS_SECRET_ACCESS_KEY: 'x',
      GITHUB_TOKEN: 'x',
      KUBECONFIG: 'x',
      NODE_OPTIONS: '--require=x',
      LD_PRELOAD: 'x',
      GIT_SSH_COMMAND: 'x',
      GIT_DIR: 'x',
      GIT_CONFIG_PARAMETERS: 'x',
      GIT_SSL_NO_VERIFY: '1',
      GIT_EXTERNAL_DIFF: 'x',
      SSH_ASKPASS: 'x',
      EDITOR: 'x',
    }
    const alone = gitEnvironment(env, { network: false, agents: false })
    expect(Object.keys(alone).sort()).toEqual(
      [
        'GCM_INTERACTIVE',
        'GIT_ATTR_NOSYSTEM',
        'GIT_CONFIG_COUNT',
        'GIT_OPTIONAL_LOCKS',
        'GIT_TERMINAL_PROMPT',
      ]
        .concat(['HOME', 'LANG', 'LC_ALL', 'PATH', 'XDG_CONFIG_HOME'])
        .sort(),
    )
    expect(alone).toMatchObject({ PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', GIT_TERMINAL_PROMPT: '0' })
    const all = gitEnvironment(env, { network: true, agents: true })
    expect(
      Object.keys(all)
        .filter((name) => !(name in alone))
        .sort(),
    ).toEqual(['HTTPS_PROXY', 'SSH_AUTH_SOCK'])
  })

  it('no process of it sees the secrets of the operator', async () => {
    const { change, env, server, cacheFolder } = await world()
    Object.assign(env, { GITHUB_TOKEN: 'opsecret-1', AWS_SECRET_ACCESS_KEY: 'opsecret-2', GIT_TRACE: '1' })
    let seen = 0
    server.before = async () => {
      const processes = await gitProcesses(cacheFolder)
      seen += processes.length
      for (const { env } of processes) expect(env).not.toMatch(/opsecret|GIT_TRACE/)
    }
    await change({ edit })
    expect(seen).toBeGreaterThan(0)
  })

  it('neither hooks nor filters nor diff programs of the operator run', async () => {
    const { change, home } = await world({
      'app/values.yaml': 'a: 1\n',
      '.gitattributes': '* filter=evil diff=evil\n',
    })
    const mark = join(home, 'mark')
    const program = join(home, 'hooks', 'program')
    await mkdir(join(home, 'hooks'))
    for (const name of ['program', 'pre-push', 'reference-transaction', 'pre-commit', 'post-index-change']) {
      await writeFile(join(home, 'hooks', name), `#!/bin/sh\ntouch ${mark}\ncat\n`)
      await chmod(join(home, 'hooks', name), 0o755)
    }
    const config = [
      '[user]\n\tname = Op\n\temail = op@example.com',
      `[core]\n\thooksPath = ${join(home, 'hooks')}\n\tfsmonitor = ${program}\n\tpager = ${program}\n\talternateRefsCommand = ${program}`,
      `[filter "evil"]\n\tclean = ${program}\n\tsmudge = ${program}\n\trequired = true`,
      `[diff]\n\texternal = ${program}`,
      `[diff "evil"]\n\ttextconv = ${program}\n\tcommand = ${program}`,
    ]
    await writeFile(join(home, '.gitconfig'), `${config.join('\n')}\n`)
    await change({ dryRun: true, edit })
    expect(await change({ edit })).toMatchObject({ pushed: true })
    await expect(access(mark)).rejects.toThrow()
  })

  it('the configuration of the operator does not lead git to another place', async () => {
    const { change, home, server } = await world()
    const config = (to: string) =>
      `[user]\n\tname = Op\n\temail = op@example.com\n[url "${to}"]\n\tinsteadOf = ${server.origin}/\n`
    await writeFile(join(home, '.gitconfig'), config(`file://${server.folder}/`))
    await expect(change({ access: LOCAL, edit })).rejects.toMatchObject({ kind: 'refused' })
    // With credentials of the cluster, their address alone counts.
    expect(await change({ edit })).toMatchObject({ pushed: true })
  })
})
