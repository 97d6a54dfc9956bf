import { describe, expect, it } from 'vitest'
import { ANNOTATION_PREFIX } from '../../src/lib/rules/annotation-keys.ts'
import { readAnnotationRules } from '../../src/lib/rules/annotations.ts'
import {
  holdAnnotations,
  resumeAnnotations,
  skipAnnotations,
} from '../../src/lib/rules/control-annotations.ts'
import { isHeld } from '../../src/lib/rules/controls.ts'

type Texts = Readonly<Record<string, string>>
type Change = { readonly set: Texts; readonly remove: readonly string[] }

const NOW = new Date('2026-03-01T12:00:00Z')
const LATER = new Date('2026-03-01T14:00:00Z')
const BY = 'ann@laptop 2026-03-01T12:00:00Z'
const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`
const OTHER = `sha256:${'fedcba9876543210'.repeat(4)}`

function prefixed(texts: Texts): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [`${ANNOTATION_PREFIX}${key}`, text]))
}

/** The annotations after a change, without their prefix. */
function changed(before: Texts, change: (annotations: Texts) => Change): Texts {
  const annotations = prefixed(before)
  const { set, remove } = change(annotations)
  for (const name of remove) expect(annotations).toHaveProperty([name])
  const merged = { ...annotations, ...set }
  const kept = Object.entries(merged).filter(([name]) => !remove.includes(name))
  return Object.fromEntries(kept.map(([name, text]) => [name.slice(ANNOTATION_PREFIX.length), text]))
}

/** Which of web and api the rules then hold. */
function held(texts: Texts, now = NOW): string[] {
  const annotations = prefixed({ 'image-list': 'web=org/web,api=org/api', ...texts })
  const { rules } = readAnnotationRules({ metadata: { annotations, name: 'shop' } })
  return rules.filter(({ controls }) => isHeld(controls.hold, now)).map(({ alias }) => alias)
}

const hold =
  (subjects: readonly string[], order: { until?: Date; reason?: string } = {}) =>
  (before: Texts) =>
    holdAnnotations(before, subjects, { by: BY, reason: '', ...order }, NOW)
const resume = (subjects: readonly string[]) => (before: Texts) => resumeAnnotations(before, subjects)
const skip =
  (tag: string, digest = '', subject = 'web') =>
  (before: Texts) =>
    skipAnnotations(before, subject, { digest, tag }, { undo: false })
const undo =
  (tag: string, digest = '', subject = 'web') =>
  (before: Texts) =>
    skipAnnotations(before, subject, { digest, tag }, { undo: true })

describe('hold', () => {
  it('notes until when, why and by whom', () => {
    expect(changed({}, hold(['web'], { reason: 'a leak', until: LATER }))).toEqual({
      'web.hold': 'true',
      'web.hold-by': BY,
      'web.hold-reason': 'a leak',
      'web.hold-until': '2026-03-01T14:00:00Z',
    })
  })

  it('takes away the end and the reason of the hold before', () => {
    const before = { 'web.hold': 'true', 'web.hold-reason': 'x', 'web.hold-until': '2026-03-01T13:00:00Z' }
    expect(changed(before, hold(['web']))).toEqual({ 'web.hold': 'true', 'web.hold-by': BY })
  })

  it('changes nothing that is so already', () => {
    const before = prefixed({ 'web.hold': 'true', 'web.hold-by': BY })
    expect(hold(['web'])(before)).toEqual({ remove: [], set: {} })
  })

  it.each<[string, Texts]>([
    ['one that is exempted', { 'web.hold': 'false' }],
    ['one whose hold is over', { 'web.hold-until': '2026-03-01T11:00:00Z' }],
    ['one that would be let go sooner', { 'web.hold': 'true', 'web.hold-until': '2026-03-01T13:00:00Z' }],
    ['one whose end cannot be read', { 'web.hold-until': 'tomorrow' }],
  ])('of everything holds %s too', (_, before) => {
    expect(held(changed(before, hold([''], { until: LATER })), new Date('2026-03-01T13:30:00Z'))).toEqual([
      'web',
      'api',
    ])
  })

  it('of everything does not let go sooner what is held for longer', () => {
    const forever = changed({ 'web.hold': 'true', 'web.hold-by': 'bob' }, hold([''], { until: LATER }))
    expect(forever['web.hold-by']).toBe('bob')
    expect(held(forever, new Date('2026-03-02T00:00:00Z'))).toEqual(['web'])
  })

  it('refuses an image whose alias makes no annotation', () => {
    expect(() => hold(['a b'])({})).toThrow('is not the name of an annotation')
  })
})

describe('resume', () => {
  it('takes all keys of the hold away, and leaves others', () => {
    const before = { ...changed({}, hold(['web'], { reason: 'x', until: LATER })), 'web.min-age': '1h' }
    expect(changed(before, resume(['web']))).toEqual({ 'web.min-age': '1h' })
  })

  it('exempts one image where everything is held', () => {
    const result = changed(changed({}, hold([''])), resume(['web']))
    expect(result['web.hold']).toBe('false')
    expect(held(result)).toEqual(['api'])
  })

  it('exempts nothing where the Application itself is exempted', () => {
    expect(changed({ hold: 'false', 'web.hold': 'true' }, resume(['web']))).toEqual({ hold: 'false' })
  })

  it('of everything removes every hold, also of images that no rule knows, also unreadable ones', () => {
    const before = { hold: 'yes?', 'old.one.hold-until': 'x', 'web.hold': 'false', 'web.skip-tags': '1' }
    expect(changed(before, resume(['']))).toEqual({ 'web.skip-tags': '1' })
  })
})

describe('skip', () => {
  it('adds to the list, each tag once', () => {
    const once = changed({ 'web.skip-tags': '1.5.0' }, skip('1.6.0'))
    expect(once).toEqual({ 'web.skip-tags': '1.5.0,1.6.0' })
    expect(changed(once, skip('1.6.0'))).toEqual(once)
  })

  it('declines digests of one tag one by one', () => {
    expect(changed({ 'web.skip-tags': `production@${DIGEST}` }, skip('production', OTHER))).toEqual({
      'web.skip-tags': `production@${DIGEST},production@${OTHER}`,
    })
  })

  it('takes along what is declined for every image, which would not count any more', () => {
    expect(changed({ 'skip-tags': '1.5.0' }, skip('1.6.0'))).toEqual({
      'skip-tags': '1.5.0',
      'web.skip-tags': '1.5.0,1.6.0',
    })
  })

  it('keeps the 50 newest', () => {
    const many = Array.from({ length: 60 }, (_, index) => `1.0.${index}`).join(',')
    const list = changed({ 'web.skip-tags': many }, skip('2.0.0'))['web.skip-tags']?.split(',')
    expect(list).toHaveLength(50)
    expect(list?.at(-1)).toBe('2.0.0')
  })

  it('never grows longer than a rule may be', () => {
    let texts: Texts = {}
    for (let index = 0; index < 50; index += 1)
      texts = changed(texts, skip(`${'x'.repeat(100)}${index}`, DIGEST))
    expect(texts['web.skip-tags']?.length).toBeLessThan(4096)
    expect(texts['web.skip-tags']).toContain('x49@')
  })

  it('undo offers one tag again, with all its digests where none is named', () => {
    expect(changed({ 'web.skip-tags': '1.5.0,1.6.0' }, undo('1.5.0'))).toEqual({ 'web.skip-tags': '1.6.0' })
    expect(changed({ 'web.skip-tags': `p@${DIGEST},p@${OTHER}` }, undo('p', DIGEST))).toEqual({
      'web.skip-tags': `p@${OTHER}`,
    })
    expect(changed({ 'web.skip-tags': `p@${DIGEST},p@${OTHER}` }, undo('p'))).toEqual({})
  })

  it('undo of what is not declined changes nothing', () => {
    expect(undo('1.5.0')({})).toEqual({ remove: [], set: {} })
  })

  it('undo leaves what is declined for other images as well, and says where it is', () => {
    expect(() => undo('1.5.0')(prefixed({ 'skip-tags': '1.5.0' }))).toThrow('declined for every image')
    expect(changed({ 'skip-tags': '1.5.0' }, undo('1.5.0', '', ''))).toEqual({})
  })
})
