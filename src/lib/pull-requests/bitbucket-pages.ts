import type { NextPage } from './api-client.ts'

/** The address of the next page is in the body. Only its query is taken, so it can lead nowhere else. */
export const bitbucketPage: NextPage = (body) => {
  const link = body.member('next').text()
  const next = URL.canParse(link) ? Object.fromEntries(new URL(link).searchParams) : undefined
  return { items: body.member('values').items(), next }
}
