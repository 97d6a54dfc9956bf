/** The parts of a Mach-O program (thin, 64 bit, little endian) that its signature has to do with. Offsets are into the file. */
export interface MachO {
  readonly commandCount: number
  /** Bytes of all load commands. */
  readonly commandBytes: number
  /** Where the load command of __LINKEDIT starts: the segment at the end, which holds the signature. */
  readonly linkEdit: number
  /** The part of the file that is __TEXT. */
  readonly text: { readonly offset: number; readonly size: number }
  /** Where the first section's bytes start: load commands have to end before. */
  readonly firstSection: number
  readonly signature?: { readonly command: number; readonly offset: number; readonly size: number }
}

export const HEADER_BYTES = 32
export const SIGNATURE_COMMAND = 0x1d
const SEGMENT_COMMAND = 0x19
const SEGMENT_BYTES = 72
const SECTION_BYTES = 80

/** @throws Error when it is no such program, or is cut off */
export function readMachO(file: Buffer): MachO {
  if (file.length < HEADER_BYTES || file.readUInt32LE(0) !== 0xfeedfacf)
    throw new Error('not a 64-bit Mach-O program')
  const commandCount = file.readUInt32LE(16)
  const commandBytes = file.readUInt32LE(20)
  const end = HEADER_BYTES + commandBytes
  if (end > file.length) throw new Error('the load commands are cut off')
  const found: { -readonly [Key in keyof MachO]?: MachO[Key] } = {}
  let firstSection = Number.POSITIVE_INFINITY
  let at = HEADER_BYTES
  for (let index = 0; index < commandCount; index++) {
    const size = at + 8 <= end ? file.readUInt32LE(at + 4) : 0
    if (size < 8 || at + size > end) throw new Error(`load command ${index} is cut off`)
    const command = file.readUInt32LE(at)
    if (command === SIGNATURE_COMMAND) {
      found.signature = { command: at, offset: file.readUInt32LE(at + 8), size: file.readUInt32LE(at + 12) }
    } else if (command === SEGMENT_COMMAND) {
      const name = file.toString('latin1', at + 8, at + 24).replace(/\0.*$/s, '')
      if (name === '__LINKEDIT') found.linkEdit = at
      if (name === '__TEXT') found.text = { offset: number64(file, at + 40), size: number64(file, at + 48) }
      firstSection = Math.min(firstSection, ...sectionOffsets(file, at))
    }
    at += size
  }
  const { linkEdit, text, signature } = found
  if (linkEdit === undefined || text === undefined) throw new Error('it has no __TEXT or no __LINKEDIT')
  return { commandCount, commandBytes, linkEdit, text, firstSection, ...(signature && { signature }) }
}

/** Of the sections of a segment that have bytes in the file. */
function sectionOffsets(file: Buffer, segment: number): number[] {
  const count = file.readUInt32LE(segment + 64)
  return Array.from({ length: count }, (_, index) =>
    file.readUInt32LE(segment + SEGMENT_BYTES + SECTION_BYTES * index + 48),
  ).filter((offset) => offset > 0)
}

function number64(file: Buffer, at: number): number {
  return Number(file.readBigUInt64LE(at))
}
