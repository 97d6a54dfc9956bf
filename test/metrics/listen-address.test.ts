import { describe, expect, it } from 'vitest'
import { listenAddressText, parseListenAddress } from '../../src/lib/metrics/listen-address.ts'

describe('an address to listen at', () => {
  it.each([
    [':8080', undefined, 8080],
    ['127.0.0.1:8080', '127.0.0.1', 8080],
    ['localhost:9', 'localhost', 9],
    ['[::]:8080', '::', 8080],
    ['[::1]:0', '::1', 0],
  ])('%s', (text, host, port) => {
    const address = parseListenAddress('--metrics-addr', text)
    expect(address).toEqual({ host, port })
    expect(listenAddressText(address)).toBe(text)
  })

  it.each([
    '8080',
    '127.0.0.1',
    ':',
    ':65536',
    ':80a',
    '::1:8080',
    '[127.0.0.1]:80',
    '[]:80',
    'http://127.0.0.1:80',
    'metrics.example.com:80',
    '300.1.1.1:80',
  ])('%s is none', (text) => {
    expect(() => parseListenAddress('--metrics-addr', text)).toThrow(
      `--metrics-addr ${text} is no address to listen at`,
    )
  })
})
