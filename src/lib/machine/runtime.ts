/** What runs this program: `Node v26.10.0`, or `Bun v1.4.5` inside the self-contained one. */
export function runtime(): string {
  const { bun, node } = process.versions
  return bun === undefined ? `Node v${node}` : `Bun v${bun}`
}
