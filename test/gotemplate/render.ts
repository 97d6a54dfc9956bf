import { GoTemplate } from '../../src/lib/gotemplate/template.ts'
import { GoMap, GoStruct, type GoValue } from '../../src/lib/gotemplate/value.ts'

/** Data with one of each kind of value. */
export const DATA = new GoStruct('Release', {
  Name: 'shop',
  Empty: '',
  Count: 3n,
  Ratio: 1.5,
  Yes: true,
  No: false,
  Nil: null,
  List: ['a', 'b', 'c'],
  None: [],
  Labels: new GoMap([
    ['org.opencontainers.image.revision', 'abc123'],
    ['b', '2'],
    ['a', '1'],
  ]),
  Images: [
    new GoStruct('Image', { Name: 'nginx', Tag: '1.26' }),
    new GoStruct('Image', { Name: 'redis', Tag: '7.4' }),
  ],
})

export function render(template: string, data: GoValue = DATA): string {
  return new GoTemplate(template).render(data)
}
