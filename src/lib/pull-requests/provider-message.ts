import type { ObjectField } from '../application/object-field.ts'

const LONGEST = 200

/**
 * What a service said about an error, in one plain line: without control and formatting characters, HTML,
 * Markdown or addresses, which would only be in the way or lead somewhere, and without the secrets.
 */
export function cleanMessage(text: string, secrets: readonly string[]): string {
  const plain = redacted(text, secrets)
    .slice(0, 8192)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Co}\p{Cs}]+/gu, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\b[a-z]+:\/\/\S+/gi, ' ')
    .replace(/[`*|<>]+/g, '')
    .replace(/\s+/g, ' ')
    .trim()
  // Once more: what stood inside a secret is gone now.
  const told = redacted(plain, secrets)
  const short = told.length > LONGEST ? `${told.slice(0, LONGEST).trimEnd()}…` : told
  return short.replace(/[.\s]+$/, '')
}

function redacted(text: string, secrets: readonly string[]): string {
  return secrets.reduce((rest, secret) => (secret === '' ? rest : rest.replaceAll(secret, '[secret]')), text)
}

/**
 * The texts in the body of a refusal, joined: `message` (GitHub, Gitea, Azure DevOps; at GitLab also a list
 * or an object of lists), `errors[].message` (GitHub), `error` (GitLab), `error.message` and
 * `error.fields` (Bitbucket).
 */
export function messageOf(body: ObjectField): string {
  const { message, error, errors } = record(body.value)
  const told = [...texts(message), ...texts(error), ...texts(errors)]
  return [...new Set(told)].join('; ')
}

/** @param depth how many levels of a hostile answer are still looked into */
function texts(value: unknown, depth = 4): string[] {
  if (typeof value === 'string') return value.trim() === '' ? [] : [value]
  if (typeof value !== 'object' || value === null || depth === 0) return []
  if (Array.isArray(value)) return value.slice(0, 10).flatMap((item) => texts(item, depth - 1))
  const { message, detail, fields, ...rest } = record(value)
  const own = [message, detail, fields].flatMap((each) => texts(each, depth - 1))
  if (own.length > 0) return own
  // GitLab: {"title": ["is too long"]}.
  return Object.entries(rest)
    .filter(([, told]) => Array.isArray(told))
    .flatMap(([field, told]) => texts(told, depth - 1).map((text) => `${field} ${text}`))
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {}
}
