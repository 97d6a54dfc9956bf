import { describe, expect, it } from 'vitest'
import { parseDestinationFlag } from '../../src/lib/notify/destination-flag.ts'
import { NotifyError } from '../../src/lib/notify/notify-error.ts'

const usual = { events: new Set(['applied', 'failed']), headers: [] }
const inFlag = (value: string) => ({ from: 'flag', value })

describe('--notify is read', () => {
  it.each([
    ['slack:url-env=HOOK', { ...usual, kind: 'slack', target: { from: 'env', value: 'HOOK' } }],
    [
      'slack:url-file=/run/secrets/hook,on=failed',
      {
        ...usual,
        kind: 'slack',
        target: { from: 'file', value: '/run/secrets/hook' },
        events: new Set(['failed']),
      },
    ],
    [
      'webhook:https://ci.example/hook?a=b&c=d',
      { ...usual, kind: 'webhook', target: inFlag('https://ci.example/hook?a=b&c=d') },
    ],
    ['command:notify-send', { ...usual, kind: 'command', target: inFlag('notify-send') }],
    [
      'command:/opt/tell,on=all',
      {
        ...usual,
        kind: 'command',
        target: inFlag('/opt/tell'),
        events: new Set(['available', 'applied', 'failed', 'held', 'degraded']),
      },
    ],
    [
      'slack:url-env=HOOK,on=available+held,template={{ to }}, {{ from }},on=x',
      {
        ...usual,
        kind: 'slack',
        target: { from: 'env', value: 'HOOK' },
        events: new Set(['available', 'held']),
        template: inFlag('{{ to }}, {{ from }},on=x'),
      },
    ],
    [
      'webhook:https://a.example,template-file=t.liquid,header-env=Authorization:TOKEN,header-file=X-Key:/k',
      {
        ...usual,
        kind: 'webhook',
        target: inFlag('https://a.example'),
        template: { from: 'file', value: 't.liquid' },
        headers: [
          { name: 'authorization', value: { from: 'env', value: 'TOKEN' } },
          { name: 'x-key', value: { from: 'file', value: '/k' } },
        ],
      },
    ],
  ])('%s', (flag, expected) => {
    expect(parseDestinationFlag(flag)).toEqual(expected)
  })
})

describe('--notify is refused', () => {
  it.each([
    ['', '--notify: its value is no destination'],
    ['slak:url-env=HOOK', '--notify: "slak" is no destination'],
    ['https://hooks.slack.com/services/T/B/x', 'does not say what kind of destination the URL is'],
    ['slack', '--notify slack: lacks its URL'],
    ['slack:', '--notify slack: lacks its URL'],
    ['slack:url-env=', '--notify slack: lacks its URL'],
    ['command:', '--notify command: lacks its program'],
    ['command:url-env=X', '--notify command: lacks its program'],
    ['slack:url-env=H,on=applyed', '--notify slack: on=applyed: "applyed" is no event'],
    ['slack:url-env=H,on=', '--notify slack: on= lacks its value'],
    ['slack:url-env=H,on=failed,on=held', '--notify slack: on is given twice'],
    ['slack:url-env=H,template=', '--notify slack: template= lacks its text'],
    ['slack:url-env=H,template-file=a,template=b', '--notify slack: template is given twice'],
    ['slack:url-env=H,tempalte-file=a', '--notify slack: what follows a comma is no option'],
    ['slack:url-env=H,header-env=A:B', '--notify slack: what follows a comma is no option'],
    ['webhook:https://a.example/x,y', '--notify webhook: what follows a comma is no option'],
    ['webhook:https://a.example,header-env=TOKEN', 'needs the name of a header and where its value is'],
    ['webhook:https://a.example,header-env=A B:TOKEN', 'needs the name of a header'],
    ['webhook:https://a.example,header-env=Host:TOKEN', 'the header Host cannot be set'],
    ['webhook:https://a.example,header-env=A:X,header-file=a:Y', 'a is given twice'],
  ])('%s', (flag, problem) => {
    const read = () => parseDestinationFlag(flag)
    expect(read).toThrow(NotifyError)
    expect(read).toThrow(problem)
  })

  it('with the option that was probably meant', () => {
    expect(() => parseDestinationFlag('slack:url-env=H,tempalte-file=a')).toThrow(
      expect.objectContaining({
        remedy: expect.stringContaining('Did you mean template-file=? Options are on='),
      }),
    )
  })

  it('without quoting what may be part of a secret URL', () => {
    for (const flag of [
      'https://hooks.slack.com/services/S3CRET',
      'slack:https://hooks.slack.com/a,S3CRET',
      'webhook:https://a.example/,S3CRET=1',
      'S3CRET/and/more',
    ]) {
      expect(() => parseDestinationFlag(flag)).toThrow(expect.not.stringContaining('S3CRET'))
    }
  })
})
