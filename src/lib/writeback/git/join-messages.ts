/**
 * One message of several, each written for one Application. Where all have the same subject it stays; else
 * the first one's goes on `and 2 more applications`, and the other subjects open their part of the body.
 */
export function joinMessages(texts: readonly string[]): string {
  const messages = texts.map((text) => {
    const [subject = '', ...rest] = text.split('\n')
    return { subject, body: rest.join('\n').trim() }
  })
  const [first, ...others] = messages
  if (first === undefined || others.length === 0) return texts[0] ?? ''
  const same = others.every(({ subject }) => subject === first.subject)
  const more = `and ${others.length} more application${others.length === 1 ? '' : 's'}`
  const parts = same
    ? [first.subject, ...new Set(messages.map(({ body }) => body))]
    : [
        `${first.subject} ${more}`,
        first.body,
        ...others.map(({ subject, body }) => `${subject}\n\n${body}`.trim()),
      ]
  return parts.filter((part) => part !== '').join('\n\n')
}
