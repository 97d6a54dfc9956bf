/** Does `work` on every item, at most `width` at a time. The first error ends it all. */
export async function inParallel<T>(
  width: number,
  items: Iterator<T, undefined, undefined> & Iterable<T>,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const worker = async () => {
    for (const item of items) await work(item)
  }
  await Promise.all(Array.from({ length: width }, worker))
}
