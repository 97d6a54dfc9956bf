import { inspect } from 'node:util'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { DeliveryQueue, LARGEST_QUEUE, MERGE_WINDOW } from '../../src/lib/notify/delivery-queue.ts'
import type { Destination } from '../../src/lib/notify/destination.ts'
import type { NotificationFields } from '../../src/lib/notify/notification-fields.ts'
import { openNotifier } from '../../src/lib/notify/notifier.ts'
import { NotifyError } from '../../src/lib/notify/notify-error.ts'
import type { Clock } from '../../src/lib/registry/clock.ts'
import { temporaryFolder } from '../cluster/temporary-folder.ts'
import { fieldsOf, HOSTILE, notificationOf } from './notifications.ts'
import { HeldClock, QuickClock, surroundingsOf } from './surroundings.ts'
import { webhookServer } from './webhook-server.ts'

const never = new AbortController().signal
const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

/** A destination that takes messages when it is told to. */
class HeldDestination implements Destination {
  readonly name = 'slack (chat.example)'
  readonly events = new Set(['applied', 'failed'] as const)
  readonly warning = ''
  readonly largestBatch: number
  readonly delivered: string[] = []
  working = true
  holding: Promise<void> | undefined

  constructor(largestBatch = 1) {
    this.largestBatch = largestBatch
  }

  async deliver(batch: readonly NotificationFields[], signal: AbortSignal): Promise<void> {
    const stopped = new Promise((_resolve, reject) =>
      signal.addEventListener('abort', () => reject(new Error('stopped'))),
    )
    await Promise.race([this.holding, stopped])
    if (!this.working) throw new NotifyError(`${this.name} answered 500`)
    this.delivered.push(batch.map(({ event, to }) => `${event} ${to}`).join(', '))
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}

function queueOf(destination: Destination, clock = new HeldClock()) {
  const told: string[] = []
  const queue = new DeliveryQueue(destination, clock, ({ message }) => told.push(message))
  const push = (...versions: string[]) => {
    for (const to of versions) queue.push(fieldsOf({ to }))
  }
  return { clock, push, queue, told }
}

describe('the queue of a destination', () => {
  it('sends one after another, and only the events asked for', async () => {
    const destination = new HeldDestination()
    const { push, queue, told } = queueOf(destination)
    push('1', '2')
    queue.push(fieldsOf({ event: 'available', to: '3' }))
    await queue.end(never)
    expect(destination.delivered).toEqual(['applied 1', 'applied 2'])
    expect(told).toEqual([])
  })

  it('merges what comes within a moment, each event for itself', async () => {
    const destination = new HeldDestination(20)
    const { clock, push, queue } = queueOf(destination)
    push('1')
    queue.push(fieldsOf({ event: 'failed', to: '2' }))
    push('3')
    await settled()
    expect(destination.delivered).toEqual([])
    clock.advance(MERGE_WINDOW)
    await settled()
    expect(destination.delivered).toEqual(['applied 1, applied 3'])
    push('4')
    clock.advance(MERGE_WINDOW)
    await settled()
    expect(destination.delivered).toEqual(['applied 1, applied 3', 'failed 2'])
    await queue.end(never)
    expect(destination.delivered).toEqual(['applied 1, applied 3', 'failed 2', 'applied 4'])
  })

  it('tells trouble once, and when it is over, how many were lost', async () => {
    const destination = new HeldDestination()
    const { push, queue, told } = queueOf(destination)
    destination.working = false
    push('1', '2', '3')
    await settled()
    expect(told).toEqual(['slack (chat.example) answered 500'])
    destination.working = true
    push('4')
    await settled()
    expect(told.slice(1)).toEqual(['slack (chat.example): works again; 3 notifications not delivered'])
    destination.working = false
    push('5')
    await queue.end(never)
    expect(told.slice(2)).toEqual([
      'slack (chat.example) answered 500',
      'slack (chat.example): 1 notification not delivered',
    ])
  })

  it('is bounded: the oldest give way, and their number is told', async () => {
    const destination = new HeldDestination()
    const { push, queue, told } = queueOf(destination)
    const { promise, resolve } = Promise.withResolvers<void>()
    destination.holding = promise
    push(...Array.from({ length: LARGEST_QUEUE + 11 }, (_, index) => String(index)))
    resolve()
    await queue.end(never)
    expect(destination.delivered).toHaveLength(LARGEST_QUEUE + 1)
    expect(destination.delivered.slice(0, 2)).toEqual(['applied 0', 'applied 11'])
    expect(told).toEqual(['slack (chat.example): 10 notifications not delivered, since more than 200 waited'])
  })

  it('tells errors that are not its own by their kind only', async () => {
    const destination = new HeldDestination()
    destination.deliver = () => Promise.reject(new TypeError('https://chat.example/S3CRET'))
    const { push, queue, told } = queueOf(destination)
    push('1')
    await queue.end(never)
    expect(told[0]).toBe('slack (chat.example) failed (TypeError)')
    expect(told.join()).not.toContain('S3CRET')
  })
})

describe('a notifier', () => {
  async function notifierOf(
    flags: readonly string[],
    env: Record<string, string>,
    clock: Clock = new HeldClock(),
  ) {
    const told: string[] = []
    const notifier = await openNotifier(flags, surroundingsOf({ clock, env }), ({ message }) =>
      told.push(message),
    )
    return { notifier, told }
  }

  it('tells every destination, and what is left at the end', async () => {
    const slack = await webhookServer({ status: 200 })
    const webhook = await webhookServer({ status: 202 })
    const folder = await temporaryFolder({ url: `${slack.url}/services/S3CRET\n` })
    const { notifier, told } = await notifierOf(
      [
        `slack:url-file=${folder}/url`,
        `webhook:${webhook.url}/hook,on=all,header-env=Authorization:TOKEN,template={"to":"{{ to }}"}`,
      ],
      { TOKEN: 'Bearer S3CRET' },
    )
    notifier.send(notificationOf())
    notifier.send(notificationOf({ image: 'api' }))
    notifier.send(notificationOf({ event: 'held', to: '2"0' }))
    await notifier.flush(5000)
    notifier.send(notificationOf())
    expect(slack.received).toHaveLength(1)
    expect(JSON.parse(slack.received[0]?.body ?? '')).toMatchObject({
      text: expect.stringMatching(/^shop\/web .*\nshop\/api .*$/),
    })
    expect(webhook.received.map(({ body }) => JSON.parse(body))).toEqual([
      { to: '1.5.0' },
      { to: '1.5.0' },
      { to: '2"0' },
    ])
    expect(webhook.received[0]?.headers['authorization']).toBe('Bearer S3CRET')
    expect(told).toEqual([])
  })

  it('does not wait for ever at the end, and tells what was not delivered', async () => {
    const server = await webhookServer(() => undefined)
    const clock = new HeldClock()
    const { notifier, told } = await notifierOf([`webhook:${server.url}`], {}, clock)
    notifier.send(notificationOf())
    notifier.send(notificationOf())
    await server.arrived(1)
    const flushed = notifier.flush(3000)
    await settled()
    clock.advance(3000)
    await flushed
    expect(told).toEqual([`webhook (${server.host}): 2 notifications not delivered`])
  })

  it('tries each destination', async () => {
    const good = await webhookServer({ status: 200 })
    const bad = await webhookServer({ status: 403 })
    const { notifier } = await notifierOf([`webhook:${good.url},on=held`, 'slack:url-env=HOOK'], {
      HOOK: `${bad.url}/S3CRET`,
    })
    onTestFinished(() => notifier.flush(0))
    const results = await notifier.sendTest(never)
    expect(results).toEqual([
      { destination: `webhook (${good.host})` },
      { destination: `slack (${bad.host})`, error: expect.any(NotifyError) },
    ])
    expect(results[1]?.error?.message).toBe(`slack (${bad.host}) answered 403`)
    expect(good.received[0]?.body).toContain('this is a test of --notify')
  })

  it('shows no secret, in problems, errors or when it is looked at', async () => {
    const server = await webhookServer({ status: 500 })
    const { notifier, told } = await notifierOf(
      [`webhook:url-env=HOOK,header-env=X-Token:TOKEN`, 'slack:url-env=HOOK'],
      { HOOK: `${server.url}/S3CRET?key=S3CRET`, TOKEN: 'S3CRET' },
      new QuickClock(),
    )
    const results = await notifier.sendTest(never)
    notifier.send(notificationOf({ reason: HOSTILE }))
    await vi.waitFor(() => expect(told).toHaveLength(2))
    onTestFinished(() => notifier.flush(0))
    expect(inspect([notifier, results, told], { depth: 10, showHidden: true })).not.toContain('S3CRET')
  })

  it.each([
    ['slack:url-env=HOOK', {}, '--notify slack: its URL: the environment variable HOOK is not set'],
    ['slack:url-file=/nowhere', {}, '--notify slack: its URL: the file /nowhere cannot be read (ENOENT)'],
    ['slack:url-env=HOOK', { HOOK: 'S3CRET' }, '--notify slack: its URL cannot be read'],
    [
      'slack:url-env=HOOK,template={{ foo }}',
      { HOOK: 'https://chat.example' },
      '--notify slack: the template asks for "foo", which is not a field',
    ],
    ['webhook:https://a.example,template={{ to }}', {}, 'the template does not make JSON'],
    [
      'webhook:https://a.example,header-env=X-Key:KEY',
      { KEY: 'a\r\nX-Injected: S3CRET' },
      '--notify webhook: the header x-key: its value has characters that a header cannot have',
    ],
  ])('is not opened with %s', async (flag, env, problem) => {
    const opened = notifierOf([flag], env)
    await expect(opened).rejects.toThrow(problem)
    await expect(opened).rejects.toThrow(expect.not.stringContaining('S3CRET'))
  })

  it('warns at the start', async () => {
    const { told } = await notifierOf(
      ['slack:https://hooks.slack.com/S3CRET', 'webhook:http://ci.example'],
      {},
    )
    expect(told).toEqual([
      expect.stringContaining('the URL of slack (hooks.slack.com) is a secret'),
      expect.stringContaining('webhook (ci.example) is told over plain http'),
    ])
  })
})
