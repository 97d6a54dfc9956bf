/** What makes a pull request a draft by its title, at GitLab (`Draft:`) and Gitea (`WIP:`). */
const PREFIX = /^(?:\s*(?:\[(?:draft|wip)\]|\(draft\)|(?:draft|wip):))+\s*/i

export function draftTitle(prefix: string, title: string): string {
  return `${prefix}${title}`
}

export function isDraftTitle(title: string): boolean {
  return PREFIX.test(title)
}

export function withoutDraft(title: string): string {
  return title.replace(PREFIX, '')
}
