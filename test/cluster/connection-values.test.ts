import { describe, expect, it } from 'vitest'
import { proxyFromEnvironment } from '../../src/lib/cluster/proxy-environment.ts'
import { parseRequestTimeout } from '../../src/lib/cluster/request-timeout.ts'
import { sameServer, serverUrl } from '../../src/lib/cluster/server-url.ts'
import { warningTexts } from '../../src/lib/cluster/warning-header.ts'

describe('--request-timeout', () => {
  it.each([
    ['', 0],
    ['0', 0],
    ['0s', 0],
    ['30', 30_000],
    ['30s', 30_000],
    ['1m30s', 90_000],
    ['1.5h', 5_400_000],
    ['250ms', 250],
    ['1us', 1],
    ['9999h', 0],
  ])('"%s" is %d ms', (text, milliseconds) => {
    expect(parseRequestTimeout(text)).toBe(milliseconds)
  })

  it.each(['5x', 'soon', '-1s', '1 m', '1m30', '.', 's', '1e3'])('"%s" is refused', (text) => {
    expect(() => parseRequestTimeout(text)).toThrow(/is not a duration/)
  })
})

describe('a proxy from the environment', () => {
  it.each<[string, string, Record<string, string>, string]>([
    ['by scheme', 'https://a.test', { HTTPS_PROXY: 'http://p:1', HTTP_PROXY: 'http://q:1' }, 'http://p:1'],
    ['in lower case', 'http://a.test', { http_proxy: 'http://q:1' }, 'http://q:1'],
    ['without a scheme', 'https://a.test', { HTTPS_PROXY: 'p:1' }, 'http://p:1'],
    ['not for this machine', 'https://127.0.0.1:6443', { HTTPS_PROXY: 'http://p:1' }, ''],
    ['not for localhost', 'https://localhost', { HTTPS_PROXY: 'http://p:1' }, ''],
    ['none for anybody', 'https://a.test', { HTTPS_PROXY: 'http://p:1', NO_PROXY: '*' }, ''],
    ['not for a host', 'https://a.test', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'x, A.test' }, ''],
    ['not for its subdomains', 'https://b.a.test', { HTTPS_PROXY: 'http://p:1', no_proxy: 'a.test' }, ''],
    ['not below a suffix', 'https://b.a.test', { HTTPS_PROXY: 'http://p:1', NO_PROXY: '.a.test' }, ''],
    [
      'but for the suffix itself',
      'https://a.test',
      { HTTPS_PROXY: 'http://p:1', NO_PROXY: '.a.test' },
      'http://p:1',
    ],
    ['not for a range', 'https://10.1.2.3', { HTTPS_PROXY: 'http://p:1', NO_PROXY: '10.0.0.0/8' }, ''],
    [
      'but outside it',
      'https://11.1.2.3',
      { HTTPS_PROXY: 'http://p:1', NO_PROXY: '10.0.0.0/8' },
      'http://p:1',
    ],
    [
      'not for an IPv6 range',
      'https://[fd00::1]:6443',
      { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'fd00::/8' },
      '',
    ],
    ['not for a port', 'https://a.test:6443', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'a.test:6443' }, ''],
    [
      'but for another',
      'https://a.test',
      { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'a.test:6443' },
      'http://p:1',
    ],
    [
      'nonsense exempts nobody',
      'https://a.test',
      { HTTPS_PROXY: 'http://p:1', NO_PROXY: ',/8,10.0.0.0/x' },
      'http://p:1',
    ],
  ])('%s', (_, server, env, proxy) => {
    expect(proxyFromEnvironment(server, env)).toBe(proxy)
  })
})

describe('a server address', () => {
  it.each([
    ['https://a:6443/', 'https://a:6443'],
    ['https://A.test:443', 'https://a.test'],
    ['https://a/base/?q#f', 'https://a/base'],
    ['a:8080', 'http://a:8080'],
    ['[::1]:8080', 'http://[::1]:8080'],
  ])('%s is %s', (written, url) => {
    expect(serverUrl(written)).toBe(url)
  })

  it.each(['', 'ftp://a', 'https://', 'unix:///run/x'])('"%s" is refused', (written) => {
    expect(() => serverUrl(written)).toThrow(/is not the address of an API server/)
  })

  it('is compared without regard to spelling, and never throws', () => {
    expect(sameServer('https://a', 'https://A:443/')).toBe(true)
    expect(sameServer('https://a', 'http://a')).toBe(false)
    expect(sameServer('https://a/x', 'https://a/y')).toBe(false)
    expect(sameServer('', 'https://a')).toBe(false)
  })
})

describe('Warning headers', () => {
  it.each<[string, string | string[] | undefined, string[]]>([
    ['none', undefined, []],
    ['one', '299 - "use v2"', ['use v2']],
    ['with quotes inside', '299 - "a \\"b\\" \\\\ c"', ['a "b" \\ c']],
    [
      'two in a line, with a date',
      '299 - "a, b" "Sat, 25 Aug 2012 23:34:45 GMT",299 agent "c"',
      ['a, b', 'c'],
    ],
    ['two lines', ['299 - "a"', '299 - "b"'], ['a', 'b']],
    ['another code', '199 - "a", 299 - "b"', ['b']],
    ['malformed', '299 - unquoted', []],
    ['never closed', `299 - "${'\\'.repeat(10_000)}`, []],
  ])('%s', (_, header, texts) => {
    expect(warningTexts(header)).toEqual(texts)
  })
})
