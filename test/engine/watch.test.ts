import { describe, expect, it } from 'vitest'
import type { ApplyOutcome } from '../../src/lib/engine/apply-outcome.ts'
import { isUpdatable, type UpdatableImage } from '../../src/lib/engine/checked-image.ts'
import { UserError } from '../../src/lib/errors.ts'
import { WriteConflict } from '../../src/lib/writeback/apply.ts'
import { digestOf } from './fake-registry.ts'
import { WatchTheatre } from './watch-world.ts'
import { type ApplicationText, NOW } from './world.ts'

const WEB = { kustomize: ['org/web:1.0.0'], rules: { 'image-list': 'web=org/web' } }
const UP_TO_DATE = { ...WEB, kustomize: ['org/web:2.0.0'] }

/** A theatre with one image, for which 2.0.0 is the newest tag. */
function theatre(...applications: ApplicationText[]): WatchTheatre {
  const world = new WatchTheatre()
  world.registry.repositories.set('org/web', { '2.0.0': {} })
  world.registry.repositories.set('org/api', { '3.0.0': {} })
  world.applications = applications
  return world
}

describe('watch polls', () => {
  it('once with --once', async () => {
    const world = theatre(UP_TO_DATE)
    expect(await world.play(999, { once: true })).toEqual([
      '0 cycle web',
      '0 stopped cycles=1 applied=0 declined=0 failed=0 images=1',
    ])
    expect(world.pauses).toEqual([])
  })

  it('at the interval, and tells a row again only when it looks different', async () => {
    const world = theatre(UP_TO_DATE)
    world.at(90, () => world.registry.repositories.set('org/web', { '2.0.0': {}, '2.1.0-rc.1': {} }))
    world.at(150, () => world.registry.repositories.delete('org/web'))
    expect(await world.play(200)).toEqual([
      '0 cycle web',
      '60 cycle',
      '120 cycle',
      '180 cycle web',
      '200 stopped cycles=4 applied=0 declined=0 failed=0 images=1',
    ])
  })

  it('each image at the interval of its rule, with one reading of the cluster a cycle', async () => {
    const world = theatre({
      kustomize: ['org/web:2.0.0', 'org/api:3.0.0'],
      rules: { 'api.image-poll-interval': '30s', 'image-list': 'web=org/web, api=org/api' },
    })
    await world.play(70)
    expect(world.log).toEqual([
      '0 load',
      '0 check web,api',
      '30 load',
      '30 check api',
      '60 load',
      '60 check web,api',
    ])
  })

  it('reads the Applications at the interval, however seldom their images are polled', async () => {
    const world = theatre({ ...UP_TO_DATE, rules: { ...WEB.rules, 'web.image-poll-interval': '1h' } })
    world.at(90, () => {
      const api = { kustomize: ['org/api:3.0.0'], name: 'new', rules: { 'image-list': 'api=org/api' } }
      world.applications = [...world.applications, api]
    })
    expect(await world.play(130)).toEqual([
      '0 cycle web',
      '60 cycle',
      '120 cycle api',
      '130 stopped cycles=3 applied=0 declined=0 failed=0 images=2',
    ])
    expect(world.log).toEqual(['0 load', '0 check web', '60 load', '60 check', '120 load', '120 check api'])
  })

  it('never pauses longer than a timer can hold', async () => {
    const world = theatre(UP_TO_DATE)
    await world.play(3_000_000, { interval: 3_000_000_000 })
    expect(world.pauses[0]).toBe((2 ** 31 - 1) / 1000)
  })

  it('forgets the rows of Applications that are gone', async () => {
    const world = theatre(UP_TO_DATE, { ...UP_TO_DATE, name: 'other' })
    world.at(30, () => {
      world.applications = [UP_TO_DATE]
    })
    expect(await world.play(70)).toEqual([
      '0 cycle web,web',
      '60 cycle',
      '70 stopped cycles=2 applied=0 declined=0 failed=0 images=1',
    ])
  })

  it('shows a faulty rule once, and again when it is faulty in another way', async () => {
    const faulty = (strategy: string) => ({
      rules: { 'image-list': 'web=org/web', 'web.update-strategy': strategy },
    })
    const world = theatre(faulty('sevmer'))
    world.at(90, () => {
      world.applications = [faulty('digset')]
    })
    expect(await world.play(200)).toEqual([
      '0 cycle web',
      '60 cycle',
      '120 cycle web',
      '180 cycle',
      '200 stopped cycles=4 applied=0 declined=0 failed=0 images=1',
    ])
  })

  it('tells a warning once, and again when it has come back', async () => {
    const former = { ...UP_TO_DATE, rules: { ...WEB.rules, 'web.update-strategy': 'latest' } }
    const world = theatre(former)
    world.at(90, () => {
      world.applications = [UP_TO_DATE]
    })
    world.at(150, () => {
      world.applications = [former]
    })
    const told = await world.play(200)
    expect(told.filter((line) => line.includes('problems'))).toEqual([
      '0 problems web.update-strategy',
      '180 problems web.update-strategy',
    ])
  })
})

describe('watch, when the cluster cannot be read', () => {
  it('tries again soon, then less and less often, and recovers', async () => {
    const world = theatre(UP_TO_DATE)
    world.loadError = 'cannot reach the API server'
    world.at(100, () => {
      world.loadError = ''
    })
    expect(await world.play(190)).toEqual([
      '0 cycle-failed cannot reach the API server',
      '5 cycle-failed cannot reach the API server',
      '15 cycle-failed cannot reach the API server',
      '35 cycle-failed cannot reach the API server',
      '75 cycle-failed cannot reach the API server',
      '135 cycle web',
      '190 stopped cycles=1 applied=0 declined=0 failed=0 images=1',
    ])
  })

  it('begins with a short pause after the next failure', async () => {
    const world = theatre(UP_TO_DATE)
    world.at(30, () => {
      world.loadError = 'gone'
    })
    world.at(64, () => {
      world.loadError = ''
    })
    world.at(100, () => {
      world.loadError = 'gone'
    })
    const told = await world.play(128)
    expect(told.filter((line) => line.includes('failed gone'))).toEqual([
      '60 cycle-failed gone',
      '125 cycle-failed gone',
    ])
  })

  it('passes on what is no error of the outside', async () => {
    const world = theatre()
    world.load = () => Promise.reject(new TypeError('a bug'))
    await expect(world.play(1)).rejects.toThrow('a bug')
  })
})

describe('watch applies', () => {
  it('what may be applied unasked', async () => {
    const world = theatre(WEB)
    world.at(1, () => {
      world.applications = [UP_TO_DATE]
    })
    expect(await world.play(70)).toEqual([
      '0 cycle web',
      '0 applied web',
      '60 cycle web',
      '70 stopped cycles=2 applied=1 declined=0 failed=0 images=1',
    ])
  })

  it('all images of an Application together, Applications one after the other', async () => {
    const both = {
      kustomize: ['org/web:1.0.0', 'org/api:1.0.0'],
      rules: { 'image-list': 'web=org/web, api=org/api' },
    }
    const world = theatre(both, { ...WEB, name: 'other' })
    await world.play(0, { once: true })
    expect(world.log.slice(2)).toEqual([
      '0 apply web org/web:2.0.0',
      '0 apply api org/api:3.0.0',
      '0 apply web org/web:2.0.0',
    ])
  })

  it('again when it failed', async () => {
    const world = theatre(WEB)
    world.applyResult = (image) => ({ error: new UserError('forbidden'), image, state: 'failed' })
    expect(await world.play(70)).toEqual([
      '0 cycle web',
      '0 apply-failed web',
      '60 cycle',
      '60 apply-failed web',
      '70 stopped cycles=2 applied=0 declined=0 failed=2 images=1',
    ])
  })

  it('and says when there was nothing left to do', async () => {
    const world = theatre(WEB)
    world.applyResult = (image) => ({ image, reason: 'somebody else wrote it', state: 'unchanged' })
    expect(await world.play(0, { once: true })).toEqual([
      '0 cycle web',
      '0 unchanged web',
      '0 stopped cycles=1 applied=0 declined=0 failed=0 images=1',
    ])
  })

  it('a dry run once for each target', async () => {
    const world = theatre(WEB)
    world.at(90, () => world.registry.repositories.set('org/web', { '2.1.0': {} }))
    expect(await world.play(200, { dryRun: true })).toEqual([
      '0 cycle web',
      '0 applied web',
      '60 cycle',
      '120 cycle web',
      '120 applied web',
      '180 cycle',
      '200 stopped cycles=4 applied=2 declined=0 failed=0 images=1',
    ])
  })

  it('a tag that moved since it was first seen, where no Pod tells what it runs', async () => {
    const world = theatre({
      live: ['org/web:production'],
      rules: { 'image-list': 'web=org/web', 'web.update-strategy': 'newest-build' },
    })
    const moveTo = (name: string) =>
      world.registry.repositories.set('org/web', { production: { digest: digestOf(name) } })
    moveTo('first')
    world.at(30, () => moveTo('second'))
    expect(await world.play(200)).toEqual([
      '0 cycle web',
      '60 cycle web',
      '60 applied web',
      '120 cycle web',
      '180 cycle',
      '200 stopped cycles=4 applied=1 declined=0 failed=0 images=1',
    ])
    expect(world.log).toContain(`60 apply web org/web:production@${digestOf('second')}`)
  })
})

describe('watch asks', () => {
  it('a person, and applies after a yes', async () => {
    const world = theatre(WEB)
    world.ask = async () => true
    expect(await world.play(0, { approve: 'ask', once: true })).toEqual([
      '0 cycle web',
      '0 applied web',
      '0 stopped cycles=1 applied=1 declined=0 failed=0 images=1',
    ])
  })

  it('not again after a no, until there is another target', async () => {
    const world = theatre(WEB)
    let questions = 0
    world.ask = async () => {
      questions += 1
      return false
    }
    world.at(90, () => world.registry.repositories.set('org/web', { '2.1.0': {} }))
    expect(await world.play(200, { approve: 'ask' })).toEqual([
      '0 cycle web',
      '0 declined web',
      '60 cycle',
      '120 cycle web',
      '120 declined web',
      '180 cycle',
      '200 stopped cycles=4 applied=0 declined=2 failed=0 images=1',
    ])
    expect(questions).toBe(2)
  })

  it('only about what is not applied unasked; after a no, the rest is applied', async () => {
    const world = theatre({
      kustomize: ['org/web:1.0.0', 'org/api:2.9.0'],
      rules: { 'image-list': 'web=org/web, api=org/api' },
    })
    world.registry.repositories.set('org/web', { '1.0.1': {} })
    const asked: string[] = []
    world.ask = async (images) => {
      asked.push(...images.map(({ alias }) => alias))
      return false
    }
    expect(await world.play(0, { approve: 'patch', once: true })).toEqual([
      '0 cycle web,api',
      '0 declined api',
      '0 applied web',
      '0 stopped cycles=1 applied=1 declined=1 failed=0 images=2',
    ])
    expect(asked).toEqual(['api'])
  })

  it('nobody where there is no terminal: the update waits, and is told once', async () => {
    const world = theatre(WEB)
    expect(await world.play(70, { approve: 'ask' })).toEqual([
      '0 cycle web',
      '0 pending web',
      '60 cycle',
      '70 stopped cycles=2 applied=0 declined=0 failed=0 images=1',
    ])
  })
})

describe('watch stops', () => {
  const stopped = '0 stopped cycles=0 applied=0 declined=0 failed=0 images=0'

  it('while the cluster is read', async () => {
    const world = theatre(WEB)
    world.load = () => {
      world.stop()
      return new Promise(() => {})
    }
    expect(await world.play(999)).toEqual([stopped])
  })

  it('while it polls', async () => {
    const world = theatre(WEB)
    world.check = () => {
      world.stop()
      return new Promise(() => {})
    }
    expect(await world.play(999)).toEqual([stopped])
  })

  it('at a question, whatever the answer', async () => {
    const world = theatre(WEB)
    world.ask = async () => {
      world.stop()
      return true
    }
    expect(await world.play(999, { approve: 'ask' })).toEqual([
      '0 cycle web',
      '0 stopped cycles=1 applied=0 declined=0 failed=0 images=1',
    ])
    expect(world.log).toEqual(['0 load', '0 check web'])
  })

  it('after the write in progress, before the next Application', async () => {
    const world = theatre(WEB, { ...WEB, name: 'other' })
    world.applyResult = (image) => {
      world.stop()
      return { image, state: 'applied' }
    }
    expect(await world.play(999)).toEqual([
      '0 cycle web,web',
      '0 applied web',
      '0 stopped cycles=1 applied=1 declined=0 failed=0 images=2',
    ])
  })

  it('before it has begun', async () => {
    const world = theatre(WEB)
    world.stop()
    expect(await world.play(999)).toEqual([stopped])
    expect(world.log).toEqual([])
  })
})

describe('a person at the desk', () => {
  const asked = { approve: 'ask' } as const
  /** What the watch offers, as it is offered. */
  async function offered(world: WatchTheatre): Promise<UpdatableImage[]> {
    const images = await world.check((await world.load()).images, new Map())
    world.log.length = 0
    return images.filter(isUpdatable)
  }

  it('is not waited for: what needs a yes is pending, and polls go on', async () => {
    const world = theatre(WEB)
    expect(await world.play(130, asked)).toEqual([
      '0 cycle web',
      '0 pending web',
      '60 cycle',
      '120 cycle',
      '130 stopped cycles=3 applied=0 declined=0 failed=0 images=1',
    ])
  })

  it('says yes to just what they saw, between two polls', async () => {
    const world = theatre(WEB)
    const images = await offered(world)
    world.at(20, () => world.desk.submit({ images, type: 'apply' }))
    world.at(21, () => {
      world.applications = [UP_TO_DATE]
    })
    expect(await world.play(70, asked)).toEqual([
      '0 cycle web',
      '0 pending web',
      '20 applied web',
      '60 cycle web',
      '70 stopped cycles=2 applied=1 declined=0 failed=0 images=1',
    ])
    expect(world.log).toContain('20 apply web org/web:2.0.0 (asked)')
  })

  it('is asked again where somebody takes back what was written', async () => {
    const world = theatre(WEB)
    const images = await offered(world)
    world.at(20, () => world.desk.submit({ images, type: 'apply' }))
    expect(await world.play(70, asked)).toContain('60 pending web')
  })

  it('says no: the same target is not offered again, the next one is', async () => {
    const world = theatre(WEB)
    const images = await offered(world)
    world.at(20, () => world.desk.submit({ images, type: 'decline' }))
    world.at(90, () => world.registry.repositories.set('org/web', { '2.0.0': {}, '2.1.0': {} }))
    expect(await world.play(130, asked)).toEqual([
      '0 cycle web',
      '0 pending web',
      '20 declined web',
      '60 cycle',
      '120 cycle web',
      '120 pending web',
      '130 stopped cycles=3 applied=0 declined=1 failed=0 images=1',
    ])
  })

  it('is told again of what was not on offer for a while', async () => {
    const world = theatre(WEB)
    const held = { ...WEB, rules: { ...WEB.rules, 'web.hold': 'true' } }
    world.at(30, () => {
      world.applications = [held]
    })
    world.at(90, () => {
      world.applications = [WEB]
    })
    expect(await world.play(130, asked)).toEqual([
      '0 cycle web',
      '0 pending web',
      '60 cycle web',
      '120 cycle web',
      '120 pending web',
      '130 stopped cycles=3 applied=0 declined=0 failed=0 images=1',
    ])
  })

  it('sees images of one Application, of which one waits, as they were read together', async () => {
    const world = theatre({
      kustomize: ['org/web:1.0.0', 'org/api:1.0.0'],
      rules: { 'api.image-poll-interval': '1h', 'image-list': 'web=org/web, api=org/api' },
    })
    await world.play(70, asked)
    expect(world.log).toEqual(['0 load', '0 check web,api', '60 load', '60 check web,api'])
  })

  it('sees the rest of an Application anew after one image of it was written', async () => {
    const world = theatre({
      kustomize: ['org/web:1.0.0', 'org/api:1.0.0'],
      rules: { 'image-list': 'web=org/web, api=org/api' },
    })
    const events = world.events(asked)
    let image: UpdatableImage | undefined
    world.at(20, () => world.desk.submit({ images: image ? [image] : [], type: 'apply' }))
    world.at(30, () => world.stop())
    for await (const event of events) {
      if (event.type === 'cycle' && !image) image = event.images.filter(isUpdatable)[0]
    }
    expect(world.log.slice(2)).toEqual(['20 apply web org/web:2.0.0 (asked)', '20 load', '20 check api'])
  })

  it('finds what waits noted for the next watch, before anything else happens', async () => {
    const world = theatre(WEB)
    let kept = 0
    world.at(1, () => {
      kept = world.kept
    })
    await world.play(10, asked)
    expect(kept).toBe(1)
  })

  it.each<[string, (image: UpdatableImage) => ApplyOutcome, string]>([
    [
      'changed it',
      (image) => ({ error: new WriteConflict('application "shop"', [], ''), image, state: 'failed' }),
      '20 apply-failed web',
    ],
    [
      'did it already',
      (image) => ({ image, reason: 'somebody else wrote it already', state: 'unchanged' }),
      '20 unchanged web',
    ],
  ])('sees at once how it is now where somebody else %s', async (_, result, told) => {
    const world = theatre(WEB)
    const images = await offered(world)
    world.applyResult = result
    world.at(20, () => world.desk.submit({ images, type: 'apply' }))
    const events = await world.play(30, asked)
    expect(events.slice(2, 4)).toEqual([told, '20 cycle'])
  })

  it('has all images polled now, or some', async () => {
    const world = theatre({
      kustomize: ['org/web:2.0.0', 'org/api:3.0.0'],
      rules: { 'image-list': 'web=org/web, api=org/api' },
    })
    world.at(10, () => world.desk.submit({ type: 'poll' }))
    world.at(20, () => world.desk.submit({ keys: ['argocd/shop/api'], type: 'poll' }))
    await world.play(30, asked)
    expect(world.log.filter((line) => line.includes('check'))).toEqual([
      '0 check web,api',
      '10 check web,api',
      '20 check api',
    ])
  })

  it('has it rest for a while, and go on', async () => {
    const world = theatre(UP_TO_DATE)
    world.at(10, () => world.desk.submit({ type: 'pause' }))
    world.at(500, () => world.desk.submit({ type: 'resume' }))
    expect(await world.play(510)).toEqual([
      '0 cycle web',
      '10 paused',
      '500 resumed',
      '500 cycle',
      '510 stopped cycles=2 applied=0 declined=0 failed=0 images=1',
    ])
  })
})

describe('a barrier', () => {
  it('keeps everything from being written, and says so once; what waited goes when it lifts', async () => {
    const world = theatre(WEB)
    world.barred = 'another watch holds the lease'
    world.at(90, () => {
      world.barred = ''
    })
    expect(await world.play(130)).toEqual([
      '0 cycle web',
      '0 pending web',
      '60 cycle',
      '120 cycle',
      '120 applied web',
      '130 stopped cycles=3 applied=1 declined=0 failed=0 images=1',
    ])
  })

  it('that fell meanwhile stops what a person said yes to', async () => {
    const world = theatre(WEB)
    const images = (await world.check((await world.load()).images, new Map())).filter(isUpdatable)
    world.at(20, () => {
      world.barred = 'this watch only reads'
      world.desk.submit({ images, type: 'apply' })
    })
    const told = await world.play(30, { approve: 'ask' })
    expect(told).toContain('20 unchanged web')
    expect(world.log.filter((line) => line.includes('apply'))).toEqual([])
  })
})

describe('a watch that stands by', () => {
  /** Somebody else's turn until `second`, which is told then. */
  function standby(second: number, ...applications: ApplicationText[]): WatchTheatre {
    const world = theatre(...applications)
    world.standingBy = true
    world.at(second, () => {
      world.standingBy = false
      world.desk.submit({ afresh: true, type: 'poll' })
    })
    return world
  }

  it('asks neither cluster nor registry until it has the turn, and begins at once then', async () => {
    const world = standby(150, WEB)
    expect(await world.play(170)).toEqual([
      '150 cycle web',
      '150 applied web',
      '170 stopped cycles=1 applied=1 declined=0 failed=0 images=1',
    ])
    expect(world.log[0]).toBe('150 load')
  })

  it('looks again by itself whether it has the turn, where nobody tells', async () => {
    const world = theatre(WEB)
    world.standingBy = true
    world.at(90, () => {
      world.standingBy = false
    })
    expect(await world.play(130)).toContain('120 applied web')
  })

  it('stops as others do', async () => {
    const world = standby(500, WEB)
    expect(await world.play(30)).toEqual(['30 stopped cycles=0 applied=0 declined=0 failed=0 images=0'])
  })

  it('polls with --once all the same', async () => {
    const world = standby(500, UP_TO_DATE)
    expect(await world.play(30, { once: true })).toContain('0 cycle web')
  })

  it('does not apply again what the one before it applied, where no Pod tells what runs', async () => {
    const world = theatre({
      live: ['org/web:production'],
      rules: { 'image-list': 'web=org/web', 'web.update-strategy': 'newest-build' },
    })
    const moveTo = (name: string) =>
      world.registry.repositories.set('org/web', { production: { digest: digestOf(name) } })
    moveTo('first')
    world.at(10, () => {
      world.standingBy = true
    })
    world.at(30, () => moveTo('second, which the other one applied'))
    world.at(100, () => {
      world.standingBy = false
      world.desk.submit({ afresh: true, type: 'poll' })
    })
    await world.play(200)
    expect(world.log.filter((line) => line.includes('apply'))).toEqual([])
  })
})

describe('what waits for a moment', () => {
  it('is looked at in that moment, however long the interval is', async () => {
    const world = theatre({ ...WEB, rules: { ...WEB.rules, 'web.min-age': '30s' } })
    world.registry.repositories.set('org/web', { '2.0.0': { pushedAt: NOW.toISOString() } })
    expect(await world.play(40, { interval: 600_000 })).toEqual([
      '0 cycle web',
      '30 cycle web',
      '30 applied web',
      '40 stopped cycles=2 applied=1 declined=0 failed=0 images=1',
    ])
  })
})
