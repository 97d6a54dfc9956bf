import { createHash } from 'node:crypto'
import { HEADER_BYTES, readMachO, SIGNATURE_COMMAND } from './mach-o.ts'

// An ad-hoc signature names nobody: it holds the hash of every page of the program. macOS on Apple silicon starts no
// program without one, and ends any program when a page is not what its signature says.

const SUPER_BLOB = 0xfade0cc0
const CODE_DIRECTORY = 0xfade0c02
const PAGE = 4096
const SHA256 = { kind: 2, bytes: 32 }
const ALIGNMENT = 16

/**
 * Recomputes the hash of every page, as macOS does when it loads one.
 *
 * @returns what is wrong, one sentence each; empty when the signature is that of these bytes
 * @throws Error when it is no Mach-O program
 */
export function signatureProblems(file: Buffer): string[] {
  const { signature } = readMachO(file)
  if (!signature) return ['it has no signature']
  const { offset, size } = signature
  if (offset + size > file.length) return ['the signature ends beyond the end of the file']
  const blob = file.subarray(offset, offset + size)
  if (size < 12 || blob.readUInt32BE(0) !== SUPER_BLOB) return ['the signature is not one']
  const directories = partsOf(blob).filter((part) => part.readUInt32BE(0) === CODE_DIRECTORY)
  if (directories.length === 0) return ['the signature has no list of page hashes']
  const problems = directories.flatMap((directory) => directoryProblems(file, directory, offset))
  if (offset + size !== file.length)
    problems.push(`${file.length - offset - size} bytes follow the signature`)
  return problems
}

function partsOf(blob: Buffer): Buffer[] {
  const count = blob.readUInt32BE(8)
  if (12 + 8 * count > blob.length) return []
  return Array.from({ length: count }, (_, index) => {
    const start = blob.readUInt32BE(12 + 8 * index + 4)
    return blob.subarray(start, start + 8 <= blob.length ? start + blob.readUInt32BE(start + 4) : start)
  }).filter((part) => part.length >= 44)
}

function directoryProblems(file: Buffer, directory: Buffer, end: number): string[] {
  const hashes = directory.readUInt32BE(16)
  const slots = directory.readUInt32BE(28)
  const limit = directory.readUInt32BE(32)
  const [hashBytes = 0, kind = 0, , pageBits = 0] = directory.subarray(36, 40)
  if (kind !== SHA256.kind || hashBytes !== SHA256.bytes) return [`hash type ${kind} is not SHA-256`]
  const page = 2 ** pageBits
  if (slots !== Math.ceil(limit / page) || hashes + slots * hashBytes > directory.length)
    return [`${slots} page hashes for ${limit} bytes`]
  const problems =
    limit === end ? [] : [`the signature is for ${limit} bytes, the program has ${end} before it`]
  const wrong = Array.from({ length: slots }, (_, slot) => slot).filter((slot) => {
    const noted = directory.subarray(hashes + slot * hashBytes, hashes + (slot + 1) * hashBytes)
    return !hash(file.subarray(slot * page, Math.min((slot + 1) * page, limit))).equals(noted)
  })
  if (wrong.length > 0) problems.push(`${wrong.length} of ${slots} pages differ, the first is ${wrong[0]}`)
  return problems
}

/**
 * @param identifier the name in the signature
 * @returns the program with a new ad-hoc signature in place of the one it has, if any
 * @throws Error when it is no Mach-O program, or leaves no room
 */
export function signAdHoc(file: Buffer, identifier: string): Buffer {
  const program = readMachO(file)
  const old = program.signature
  if (!old && HEADER_BYTES + program.commandBytes + 16 > program.firstSection)
    throw new Error('no room for another load command')
  const content = file.subarray(0, old?.offset ?? file.length)
  const offset = roundUp(content.length, ALIGNMENT)
  const name = Buffer.from(`${identifier}\0`)
  const slots = Math.ceil(offset / PAGE)
  const directoryBytes = 88 + name.length + slots * SHA256.bytes
  const size = roundUp(20 + directoryBytes, ALIGNMENT)
  const signed = Buffer.alloc(offset + size)
  content.copy(signed)

  const command = old?.command ?? HEADER_BYTES + program.commandBytes
  if (!old) {
    signed.writeUInt32LE(program.commandCount + 1, 16)
    signed.writeUInt32LE(program.commandBytes + 16, 20)
  }
  for (const [index, value] of [SIGNATURE_COMMAND, 16, offset, size].entries())
    signed.writeUInt32LE(value, command + 4 * index)
  // __LINKEDIT reaches to the end of the file, in memory to the end of a page of Apple silicon.
  const linkEditBytes = offset + size - Number(file.readBigUInt64LE(program.linkEdit + 40))
  signed.writeBigUInt64LE(BigInt(roundUp(linkEditBytes, 0x4000)), program.linkEdit + 32)
  signed.writeBigUInt64LE(BigInt(linkEditBytes), program.linkEdit + 48)

  superBlob(directoryBytes).copy(signed, offset)
  const directory = signed.subarray(offset + 20, offset + 20 + directoryBytes)
  codeDirectoryHead({ directoryBytes, nameBytes: name.length, slots, limit: offset, ...program }).copy(
    directory,
  )
  name.copy(directory, 88)
  for (let slot = 0; slot < slots; slot++) {
    const page = signed.subarray(slot * PAGE, Math.min((slot + 1) * PAGE, offset))
    hash(page).copy(directory, 88 + name.length + slot * SHA256.bytes)
  }
  return signed
}

/** One part, the code directory, which follows at once. */
function superBlob(directoryBytes: number): Buffer {
  return bigEndian([SUPER_BLOB, 20 + directoryBytes, 1, 0, 20])
}

interface Directory {
  readonly directoryBytes: number
  readonly nameBytes: number
  readonly slots: number
  readonly limit: number
  readonly text: { readonly offset: number; readonly size: number }
}

/** Version 0x20400, the oldest that tells macOS which part runs; flags: ad hoc, made by a linker. */
function codeDirectoryHead({ directoryBytes, nameBytes, slots, limit, text }: Directory): Buffer {
  const head = Buffer.alloc(88)
  bigEndian([CODE_DIRECTORY, directoryBytes, 0x20400, 0x20002, 88 + nameBytes, 88, 0, slots, limit]).copy(
    head,
  )
  head.set([SHA256.bytes, SHA256.kind, 0, Math.log2(PAGE)], 36)
  head.writeBigUInt64BE(BigInt(text.offset), 64)
  head.writeBigUInt64BE(BigInt(text.size), 72)
  // A main program, not a library.
  head.writeBigUInt64BE(1n, 80)
  return head
}

function bigEndian(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length)
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, 4 * index)
  return bytes
}

function hash(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest()
}

function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step
}
