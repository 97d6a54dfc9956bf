/**
 * Whether a revision is written as the hash of a commit, whole (SHA-1 or SHA-256) or its first 7 digits or
 * more. A branch may be called like a short one; like a whole one, git does not let it be used safely.
 */
export function commitHashKind(revision: string): 'full' | 'short' | 'none' {
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(revision)) return 'full'
  return /^[0-9a-f]{7,}$/i.test(revision) ? 'short' : 'none'
}
