/**
 * Calls with the same key while one is under way share its result; nothing is remembered afterwards.
 */
export function singleFlight<T>(): (key: string, work: () => Promise<T>) => Promise<T> {
  const running = new Map<string, Promise<T>>()
  return (key, work) => {
    const same = running.get(key)
    if (same) return same
    const flight = work().finally(() => running.delete(key))
    running.set(key, flight)
    return flight
  }
}
