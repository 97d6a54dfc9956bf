import type { ObjectField } from '../application/object-field.ts'
import type { ApiClient } from './api-client.ts'
import { PullRequestError } from './pull-request-error.ts'
import { wholeNumber } from './read-answer.ts'
import { urlPath } from './repository-address.ts'

/** Of labels that this program makes. */
const GREY = '#ededed'

/**
 * Gitea takes labels by number: those of the repository, those of its organisation, and new ones in the
 * repository for names that neither knows.
 */
export async function giteaLabelNumbers(
  client: ApiClient,
  owner: string,
  repository: string,
  names: readonly string[],
): Promise<number[]> {
  const to = 'look up labels'
  const own = await client.pages(to, `${repository}/labels`, { limit: '50' })
  const known = numbersByName(own)
  if (names.some((name) => !known.has(name.toLowerCase()))) {
    const shared = await client.pages(to, `/orgs${urlPath(owner)}/labels`, { limit: '50' }).catch(noneOfUsers)
    for (const [name, number] of numbersByName(shared)) if (!known.has(name)) known.set(name, number)
  }
  const numbers: number[] = []
  for (const name of names) {
    const number = known.get(name.toLowerCase())
    numbers.push(number ?? (await makeLabel(client, repository, name)))
  }
  return numbers
}

async function makeLabel(client: ApiClient, repository: string, name: string): Promise<number> {
  const made = await client.write('POST', `make the label ${name}`, `${repository}/labels`, {
    name,
    color: GREY,
  })
  return wholeNumber(made.member('id'))
}

function numbersByName(labels: readonly ObjectField[]): Map<string, number> {
  return new Map(
    labels.map((label) => [label.member('name').text().toLowerCase(), wholeNumber(label.member('id'))]),
  )
}

/** A user is no organisation, and an organisation's labels may be hidden from the token. */
function noneOfUsers(error: unknown): readonly ObjectField[] {
  if (error instanceof PullRequestError && ['not-found', 'forbidden'].includes(error.kind)) return []
  throw error
}
