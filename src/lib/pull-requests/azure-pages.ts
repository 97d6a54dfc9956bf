import type { NextPage } from './api-client.ts'

const PAGE = 100

export const AZURE_VERSION = { 'api-version': '7.1' }

/** The query of the first page of a list. */
export const AZURE_FIRST_PAGE = { ...AZURE_VERSION, $top: String(PAGE), $skip: '0' }

/** Lists do not say whether there is more: a full page may be followed by another one. */
export const azurePage: NextPage = (body, query) => {
  const items = body.member('value').items()
  const next = { ...query, $skip: String(Number(query['$skip']) + PAGE) }
  return { items, next: items.length < PAGE ? undefined : next }
}
