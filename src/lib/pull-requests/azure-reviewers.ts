import type { ApiClient } from './api-client.ts'
import { AZURE_FIRST_PAGE, azurePage } from './azure-pages.ts'
import { urlPath } from './repository-address.ts'

const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * IDs of reviewers given by ID, by address or name of a user, or by name of a team. Users are looked for in
 * the teams of the project: the directory of all users is at another host, where the token does not go.
 */
export async function findAzureReviewers(
  client: ApiClient,
  project: string,
  reviewers: readonly string[],
): Promise<{ readonly ids: readonly string[]; readonly notes: readonly string[] }> {
  const named = reviewers.filter((reviewer) => !ID.test(reviewer))
  const ids = reviewers.filter((reviewer) => ID.test(reviewer))
  if (named.length === 0) return { ids, notes: [] }
  const known = await knownIds(client, project)
  const notes: string[] = []
  for (const name of named) {
    const id = known.get(name.toLowerCase())
    if (id !== undefined) ids.push(id)
    else
      notes.push(`${client.name} has nobody named ${name} in the teams of ${project}: no review is requested`)
  }
  return { ids: [...new Set(ids)], notes }
}

/** Lower-case names of teams, and of their members, with their IDs. */
async function knownIds(client: ApiClient, project: string): Promise<Map<string, string>> {
  const known = new Map<string, string>()
  const teamsPath = `/_apis/projects${urlPath(project)}/teams`
  for (const team of await client.pages('look up teams', teamsPath, AZURE_FIRST_PAGE, azurePage)) {
    const teamId = team.member('id').text()
    known.set(team.member('name').text().toLowerCase(), teamId)
    const members = `${teamsPath}${urlPath(teamId)}/members`
    for (const member of await client.pages('look up members', members, AZURE_FIRST_PAGE, azurePage)) {
      const identity = member.member('identity')
      for (const name of ['uniqueName', 'displayName']) {
        const key = identity.member(name).text().toLowerCase()
        if (key !== '' && !known.has(key)) known.set(key, identity.member('id').text())
      }
    }
  }
  return known
}
