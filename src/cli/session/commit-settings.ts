import { UserError } from '../../lib/errors.ts'
import type { CommitSettings, GitPerson } from '../../lib/git/commit.ts'

export type CommitSigning = 'auto' | 'off' | 'openpgp' | 'ssh' | 'x509'

interface CommitFlags {
  readonly author: string | undefined
  readonly signOff: boolean | undefined
  readonly signing: CommitSigning | undefined
  readonly key: string | undefined
}

/** How commits are made, from the flags. @throws UserError for what git would not take */
export function commitSettings({ author, key, signOff, signing = 'auto' }: CommitFlags): CommitSettings {
  const sign = signingOf(signing, key)
  return {
    ...(author !== undefined && { committer: personOf(author) }),
    ...(sign !== undefined && { sign }),
    ...(signOff && { signOff }),
  }
}

function signingOf(signing: CommitSigning, key: string | undefined): CommitSettings['sign'] {
  if (signing === 'off') {
    if (key !== undefined)
      throw new UserError('--commit-signing off uses no --commit-signing-key', 'Leave one out')
    return false
  }
  if (signing === 'auto' && key === undefined) return undefined
  return { ...(signing !== 'auto' && { format: signing }), ...(key !== undefined && { key }) }
}

function personOf(text: string): GitPerson {
  const [, name = '', email = ''] = /^([^<>\p{Cc}]+?) *<([^<>\s\p{Cc}]+)>$/u.exec(text.trim()) ?? []
  if (name === '' || email === '') {
    throw new UserError(
      `--commit-author ${JSON.stringify(text)} is not a name and an address`,
      'Write it as "Ann Smith <ann@example.com>"',
    )
  }
  return { email, name }
}
