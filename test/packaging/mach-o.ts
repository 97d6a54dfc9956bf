/** A Mach-O program of a few pages: a header, __TEXT with one section, and __LINKEDIT at the end. Not signed. */
export function machO(pages = 5): Buffer {
  const linkEdit = 4096 * pages
  const file = Buffer.alloc(linkEdit + 100, 'some code ')
  file.fill(0, 0, 1024)
  const commands = 72 + 80 + 72
  for (const [index, value] of [0xfeedfacf, 0x0100000c, 0, 2, 2, commands, 0, 0].entries())
    file.writeUInt32LE(value, 4 * index)
  segment(file, 32, '__TEXT', { offset: 0, size: linkEdit, sections: 1 })
  file.write('__text', 32 + 72)
  file.writeUInt32LE(1024, 32 + 72 + 48)
  segment(file, 32 + 152, '__LINKEDIT', { offset: linkEdit, size: 100, sections: 0 })
  return file
}

function segment(
  file: Buffer,
  at: number,
  name: string,
  { offset, size, sections }: { readonly offset: number; readonly size: number; readonly sections: number },
): void {
  file.writeUInt32LE(0x19, at)
  file.writeUInt32LE(72 + 80 * sections, at + 4)
  file.write(name, at + 8)
  file.writeBigUInt64LE(BigInt(size), at + 32)
  file.writeBigUInt64LE(BigInt(offset), at + 40)
  file.writeBigUInt64LE(BigInt(size), at + 48)
  file.writeUInt32LE(sections, at + 64)
}
