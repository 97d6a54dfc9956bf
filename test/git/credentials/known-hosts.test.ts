import { describe, expect, it } from 'vitest'
import { isKnownHost } from '../../../src/lib/git/credentials/known-hosts.ts'

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl'

/** By `ssh-keygen -H`. */
const HASHED = `|1|GDIuC7IfL6Jkt6AVjFOxyaI0610=|WhhYmBiuQAcazV+Y4YeoGuKTPVw= ${KEY}`
const HASHED_WITH_PORT = `|1|kZdCHwQP7jVtHbQzPNVqMj+XjNc=|Myhh3YkCCIO5ylBaroQ9LavHhFg= ${KEY}`

describe('known_hosts', () => {
  it.each<[line: string, host: string, port: number, known: boolean]>([
    [`github.com ${KEY}`, 'github.com', 22, true],
    [`GitHub.com ${KEY}`, 'github.com', 22, true],
    [`gitlab.com,github.com ${KEY}`, 'github.com', 22, true],
    [`[git.example.com]:2222 ${KEY}`, 'git.example.com', 2222, true],
    [`[git.example.com]:2222 ${KEY}`, 'git.example.com', 22, false],
    [`git.example.com ${KEY}`, 'git.example.com', 2222, false],
    [`*.example.com ${KEY}`, 'git.example.com', 22, true],
    [`*.example.com,!git.example.com ${KEY}`, 'git.example.com', 22, false],
    [`gi?.example.com ${KEY}`, 'git.example.com', 22, true],
    [`example.com ${KEY}`, 'git.example.com', 22, false],
    [`git.example.com.evil.net ${KEY}`, 'git.example.com', 22, false],
    [`@cert-authority *.example.com ${KEY}`, 'git.example.com', 22, true],
    [`@revoked git.example.com ${KEY}`, 'git.example.com', 22, false],
    [`# git.example.com ${KEY}`, 'git.example.com', 22, false],
    ['git.example.com', 'git.example.com', 22, false],
    ['git.example.com ssh-ed25519', 'git.example.com', 22, false],
    [`::1 ${KEY}`, '::1', 22, true],
    [`[::1]:2222 ${KEY}`, '::1', 2222, true],
    [HASHED, 'git.example.com', 22, true],
    [HASHED, 'git.example.com', 2222, false],
    [HASHED, 'github.com', 22, false],
    [HASHED_WITH_PORT, 'git.example.com', 2222, true],
    ['|1|broken ssh-ed25519 AAAA', 'git.example.com', 22, false],
    ['', 'git.example.com', 22, false],
  ])('%j knows %s port %i: %j', (line, host, port, known) => {
    expect(isKnownHost(`# known hosts\r\n${line}\r\n`, host, port)).toBe(known)
  })

  it('takes no time for hostile patterns', () => {
    const pattern = `${'*a'.repeat(2000)}b`
    expect(isKnownHost(`${pattern} ${KEY}`, 'a'.repeat(200), 22)).toBe(false)
  })
})
