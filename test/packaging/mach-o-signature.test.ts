import { describe, expect, it } from 'vitest'
import { readMachO } from '../../packaging/mach-o.ts'
import { signAdHoc, signatureProblems } from '../../packaging/mach-o-signature.ts'
import { machO } from './mach-o.ts'

const signed = signAdHoc(machO(), 'kubectl-image_updater')
const { signature = { command: 0, offset: 0, size: 0 } } = readMachO(signed)

function changed(change: (file: Buffer) => void): Buffer {
  const file = Buffer.from(signed)
  change(file)
  return file
}

describe('an ad-hoc signature', () => {
  it('is put on a program that has none', () => {
    expect(signatureProblems(machO())).toEqual(['it has no signature'])
    expect(signatureProblems(signed)).toEqual([])
  })

  it('takes the place of an old one, and is the same when made again', () => {
    expect(signAdHoc(signed, 'kubectl-image_updater').equals(signed)).toBe(true)
  })

  it('is the last thing in the file, inside __LINKEDIT, and names the program', () => {
    expect(signature.offset + signature.size).toBe(signed.length)
    const { linkEdit } = readMachO(signed)
    const [offset, size] = [signed.readBigUInt64LE(linkEdit + 40), signed.readBigUInt64LE(linkEdit + 48)]
    expect(offset + size).toBe(BigInt(signed.length))
    expect(signed.subarray(signature.offset).includes('kubectl-image_updater\0')).toBe(true)
  })

  it.each<[string, Buffer, RegExp]>([
    [
      'a byte of the program',
      changed((file) => file.write('X', 9000)),
      /^1 of 6 pages differ, the first is 2$/,
    ],
    [
      'the last byte that is signed',
      changed((file) => file.write('X', signature.offset - 20)),
      /first is 5$/,
    ],
    ['a hash', changed((file) => file.write('X', signature.offset + 20 + 88 + 22)), /^1 of 6 pages differ/],
    [
      'fewer bytes signed',
      changed((file) => file.writeUInt32BE(4096, signature.offset + 20 + 32)),
      /6 page hashes for 4096 bytes/,
    ],
    ['the end cut off', signed.subarray(0, -1), /ends beyond the end of the file/],
    ['something behind it', Buffer.concat([signed, Buffer.from('tail')]), /4 bytes follow/],
    ['no signature where it should be', changed((file) => file.fill(0, signature.offset)), /is not one/],
    [
      'another kind of hash',
      changed((file) => file.writeUInt8(1, signature.offset + 20 + 37)),
      /not SHA-256/,
    ],
    [
      'no page hashes',
      changed((file) => file.writeUInt32BE(0, signature.offset + 8)),
      /no list of page hashes/,
    ],
  ])('is refused with %s', (_, file, problem) => {
    expect(signatureProblems(file).join('; ')).toMatch(problem)
  })

  it.each<[string, Buffer, RegExp]>([
    ['a program of Linux', Buffer.from('\x7fELF and so on, and so on, and so on'), /not a 64-bit Mach-O/],
    ['an empty file', Buffer.alloc(0), /not a 64-bit Mach-O/],
    ['a header alone', machO().subarray(0, 40), /load commands are cut off/],
    ['a command that leads out', corruptCommand(), /load command 0 is cut off/],
  ])('is not looked for in %s', (_, file, problem) => {
    expect(() => signatureProblems(file)).toThrow(problem)
  })
})

function corruptCommand(): Buffer {
  const file = machO()
  file.writeUInt32LE(0xffff, 36)
  return file
}
