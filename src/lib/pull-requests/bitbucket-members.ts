import type { ObjectField } from '../application/object-field.ts'
import type { ApiClient } from './api-client.ts'
import { bitbucketPage } from './bitbucket-pages.ts'
import { urlPath } from './repository-address.ts'

const UUID = /^\{[0-9a-f-]{36}\}$/i

/**
 * UUIDs of reviewers given by UUID (in braces), account ID or nickname; names have not been unique at
 * Bitbucket since 2019, and one that several members have names none of them.
 */
export async function findBitbucketMembers(
  client: ApiClient,
  workspace: string,
  reviewers: readonly string[],
): Promise<{ readonly ids: readonly string[]; readonly notes: readonly string[] }> {
  const ids = reviewers.filter((reviewer) => UUID.test(reviewer))
  const named = reviewers.filter((reviewer) => !UUID.test(reviewer))
  if (named.length === 0) return { ids, notes: [] }
  const path = `/workspaces${urlPath(workspace)}/members`
  const members = await client.pages('look up members', path, { pagelen: '100' }, bitbucketPage)
  const notes: string[] = []
  for (const name of named) {
    const found = members.filter((member) => isNamed(member.member('user'), name))
    const [only] = found
    if (only !== undefined && found.length === 1) ids.push(only.member('user').member('uuid').text())
    else {
      const many = found.length === 0 ? 'no member' : `${found.length} members`
      notes.push(`${client.name} knows ${many} named ${name}: no review is requested`)
    }
  }
  return { ids, notes }
}

function isNamed(user: ObjectField, name: string): boolean {
  return user.member('account_id').text() === name || user.member('nickname').text() === name
}
