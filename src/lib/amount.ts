/** A count with its noun in the right number: `1 tag`, `3 tags`, `2 repositories`. */
export function amount(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}
