/**
 * Milliseconds this thread worked on `action`: not the clock's, so a busy machine changes nothing, and an algorithm
 * that explodes still shows.
 */
export function processorTime(action: () => unknown): number {
  const before = process.threadCpuUsage()
  action()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1000
}
