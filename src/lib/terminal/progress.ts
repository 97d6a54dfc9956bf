import { stderr } from 'node:process'

const SHOWN_AFTER = 1_000

/**
 * Shows a line with a spinner on stderr when work takes longer than a second, and takes it away when the
 * work is over. Nothing is shown where stderr is no terminal.
 *
 * @param work gets a function by which it can say how far it is
 */
export async function withProgress<T>(
  title: string,
  work: (report: (status: string) => void) => Promise<T>,
): Promise<T> {
  if (!stderr.isTTY || process.env['TERM'] === 'dumb') return work(() => {})
  let status = ''
  let report = (text: string) => {
    status = text
  }
  const running = work((text) => report(text))
  const slow = Symbol('slow')
  const timer = Promise.withResolvers<typeof slow>()
  const handle = setTimeout(() => timer.resolve(slow), SHOWN_AFTER)
  try {
    if ((await Promise.race([running, timer.promise])) !== slow) return await running
    const { Listr, ListrLogger, ProcessOutput } = await import('listr2')
    const logger = new ListrLogger({ processOutput: new ProcessOutput(stderr, stderr) })
    const list = new Listr(
      [
        {
          title,
          task: async (_context, task) => {
            report = (text) => {
              task.title = `${title} ${text}`
            }
            if (status) report(status)
            await running.catch(() => {})
          },
        },
      ],
      { rendererOptions: { clearOutput: true, logger }, registerSignalListeners: false },
    )
    await list.run()
    return await running
  } finally {
    clearTimeout(handle)
  }
}
