import type { ObjectWrite } from './write.ts'

/** Several writes of one object as one patch, which is done whole or not at all; undefined for none. */
export function joinedWrite(writes: readonly (ObjectWrite | undefined)[]): ObjectWrite | undefined {
  const parts = writes.filter((write) => write !== undefined)
  const [first, ...others] = parts
  if (!first || others.length === 0) return first
  const record = parts.flatMap((write) => write.record ?? [])
  const seen = new Set<string>()
  return {
    ...first,
    fields: parts.flatMap(({ fields }) => fields),
    // Each part begins with the same test of the object's version.
    operations: parts
      .flatMap(({ operations }) => operations)
      .filter((operation) => {
        if (operation.op !== 'test') return true
        const test = JSON.stringify(operation)
        return !seen.has(test) && seen.add(test)
      }),
    ...(record.length > 0 && { record }),
    summary: parts.map(({ summary }) => summary).join(', '),
  }
}
