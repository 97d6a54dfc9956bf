/** A running component: where it is, and how to end it. */
export interface Started<T> {
  readonly address: T
  stop(): Promise<void>
}

/** Waits for components that start at the same time. Where one fails, the others are stopped and its error is thrown. */
export async function allStarted<T extends object>(
  starting: {
    readonly [Name in keyof T]: Promise<Started<T[Name]>>
  },
): Promise<Started<T>> {
  const promises = Object.values<Promise<Started<T[keyof T]>>>(starting)
  const results = await Promise.allSettled(promises)
  const started = results.filter((result) => result.status === 'fulfilled').map((result) => result.value)
  const stop = async () => {
    await Promise.all(started.map((component) => component.stop()))
  }
  const failure = results.find((result) => result.status === 'rejected')
  if (failure) {
    await stop()
    throw failure.reason
  }
  const addresses = Object.keys(starting).map((name, index) => [name, started[index]?.address])
  return { address: Object.fromEntries(addresses) as T, stop }
}
