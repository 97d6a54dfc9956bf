import { describe, expect, it } from 'vitest'
import { readAddress } from '../../src/lib/notify/address.ts'
import { parseDestinationFlag } from '../../src/lib/notify/destination-flag.ts'

const read = (kind: string, url: string, options = '') =>
  readAddress(url, parseDestinationFlag(`${kind}:url-env=U${options}`))

describe('the URL of a destination', () => {
  it.each([
    ['slack', 'https://hooks.slack.com/services/S3CRET', 'slack (hooks.slack.com)'],
    ['webhook', 'https://ci.example:8443/hook?key=S3CRET#part', 'webhook (ci.example:8443)'],
    ['slack', 'http://127.0.0.1:8065/hooks/S3CRET', 'slack (127.0.0.1:8065)'],
    ['webhook', 'http://localhost/', 'webhook (localhost)'],
    ['webhook', 'http://[::1]:9/', 'webhook ([::1]:9)'],
  ])('of a %s, %s, is shown as its host alone', (kind, url, name) => {
    expect(read(kind, url)).toMatchObject({ name, warning: '' })
  })

  it('may be plain http with a warning where nothing secret travels', () => {
    expect(read('webhook', 'http://hooks.svc/x').warning).toContain(
      'webhook (hooks.svc) is told over plain http',
    )
  })

  it('stands in the list of processes when the flag holds it', () => {
    const flag = parseDestinationFlag('slack:https://hooks.slack.com/services/S3CRET')
    const { warning } = readAddress(flag.target.value, flag)
    expect(warning).toContain('the URL of slack (hooks.slack.com) is a secret')
    expect(warning).not.toContain('S3CRET')
  })

  it.each([
    ['slack', 'S3CRET', '', 'its URL cannot be read'],
    ['slack', 'file:///S3CRET', '', 'its URL cannot be read'],
    ['webhook', 'https://me:S3CRET@ci.example/', '', 'carries a user or password'],
    ['slack', 'http://chat.example/S3CRET', '', 'a secret would be sent over plain http'],
    ['webhook', 'http://ci.example/S3CRET', ',header-env=Authorization:T', 'sent over plain http'],
    ['webhook', 'http://127.0.0.1.evil.example/S3CRET', ',header-env=A:T', 'sent over plain http'],
  ])('of a %s, %s%s, is refused', (kind, url, options, problem) => {
    expect(() => read(kind, url, options)).toThrow(problem)
    expect(() => read(kind, url, options)).toThrow(expect.not.stringContaining('S3CRET'))
  })
})
