import { describe, expect, it } from 'vitest'
import { failureOf } from '../../src/lib/git/failure.ts'

const said = (messages: string) =>
  failureOf({ what: 'push to main of URL', messages, code: 128, local: false })

describe('what git says becomes one line', () => {
  it.each([
    ['disk', 'error: unable to write file objects/ab/cd: No space left on device\nfatal: failed'],
    ['disk', "fatal: cannot create directory at 'x': Read-only file system"],
    ['host-key', 'Host key verification failed.\r\nfatal: Could not read from remote repository.'],
    ['tls', "fatal: unable to access 'https://h/': SSL certificate problem: self-signed certificate"],
    ['tls', 'fatal: unable to access: server certificate verification failed. CAfile: none'],
    ['credentials', "fatal: Authentication failed for 'https://h/r'"],
    ['credentials', 'git@h: Permission denied (publickey).\nfatal: Could not read from remote repository.'],
    ['credentials', "fatal: unable to access 'https://h/r/': The requested URL returned error: 403"],
    ['no-repository', "remote: Repository not found.\nfatal: repository 'https://h/r/' not found"],
    ['no-repository', "fatal: '/srv/r.git' does not appear to be a git repository"],
    ['no-branch', "fatal: couldn't find remote ref refs/heads/gone"],
    ['rejected', ' ! [rejected]        abc -> main (fetch first)\nerror: failed to push some refs'],
    ['rejected', ' ! [rejected]        abc -> main (stale info)'],
    [
      'rejected',
      " ! [remote rejected] abc -> main (failed to update ref)\nerror: cannot lock ref 'refs/heads/main'",
    ],
    [
      'protected',
      'remote: error: GH006: Protected branch update failed\n ! [remote rejected] a -> main (protected branch hook declined)',
    ],
    ['refused', "fatal: transport 'file' not allowed"],
    ['unreachable', "fatal: unable to access 'https://h/': Could not resolve host: h"],
    ['unreachable', 'fatal: unable to access: Failed to connect to h port 443: Connection refused'],
    [
      'identity',
      "*** Please tell me who you are.\nfatal: unable to auto-detect email address (got 'x@y.(none)')",
    ],
    ['signing', 'error: gpg failed to sign the data'],
    ['locked', "fatal: Unable to create '/c/shallow.lock': File exists."],
    ['damaged', 'error: object file objects/ab/cd is empty\nfatal: loose object abcd is corrupt'],
    ['failed', 'fatal: something nobody has seen'],
  ])('%s', (kind, messages) => {
    const error = said(messages)
    expect(error.kind).toBe(kind)
    expect(error.message).toMatch(/^cannot push to main of URL: [^\n]+$/)
  })

  it('with the reason of the server', () => {
    const messages =
      'remote: \nremote: error: GH006: Protected branch update failed for refs/heads/main.\nTo h\n ! [remote rejected] a -> main (protected branch hook declined)\nerror: failed to push some refs to h'
    expect(said(messages).message).toBe(
      'cannot push to main of URL: the server does not let this branch be written (protected branch hook declined: GH006: Protected branch update failed for refs/heads/main.)',
    )
  })
})
