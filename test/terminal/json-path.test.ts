import { describe, expect, it } from 'vitest'
import { evaluateTemplate, JsonPathError, selectPath } from '../../src/lib/terminal/json-path.ts'

// The example of https://kubernetes.io/docs/reference/kubectl/jsonpath/, shortened.
const DATA = {
  kind: 'List',
  items: [
    {
      kind: 'None',
      metadata: { labels: { 'kubernetes.io/hostname': '127.0.0.1' }, name: '127.0.0.1' },
      status: {
        addresses: [{ address: '127.0.0.1', type: 'Legacy' }, { address: '100.0.0.1' }],
        capacity: { cpu: '4' },
      },
    },
    {
      kind: 'None',
      metadata: { name: '127.0.0.2' },
      status: { addresses: [{ address: '127.0.0.2' }], capacity: { cpu: '8' } },
    },
  ],
  users: [
    { name: 'myself', user: { admin: true, logins: 3, token: null } },
    { name: 'e2e', user: { password: 'secret', username: 'admin' } },
  ],
}

describe('evaluateTemplate', () => {
  it.each([
    ['text', 'kind is {.kind}', 'kind is List'],
    ['a field', '{.kind}', 'List'],
    ['a field by its quoted name', "{['kind']}", 'List'],
    ['the dollar that may be left out', '{$.kind}', 'List'],
    ['no leading dot', '{kind}', 'List'],
    ['recursive descent', '{..cpu}', '4 8'],
    ['a wildcard', '{.items[*].metadata.name}', '127.0.0.1 127.0.0.2'],
    ['an index', '{.users[0].name}', 'myself'],
    ['a negative index', '{.users[-1].name}', 'e2e'],
    ['the last but one', '{.users[-2].name}', 'myself'],
    ['a slice', '{.items[0:1].metadata.name}', '127.0.0.1'],
    ['a slice from the end', '{.items[-1:].metadata.name}', '127.0.0.2'],
    ['a union of names', "{.items[0]['kind','apiVersion']}", 'None'],
    ['a union of indices', '{.users[0,1].name}', 'myself e2e'],
    ['a filter', '{.users[?(@.name=="e2e")].user.password}', 'secret'],
    ['a filter in single quotes', "{.users[?(@.name=='e2e')].user.password}", 'secret'],
    ['a filter on a number', '{.users[?(@.user.logins>2)].name}', 'myself'],
    ['a filter on existence', '{.users[?(@.user.username)].name}', 'e2e'],
    ['a filter that nothing passes', '{.users[?(@.name=="nobody")].name}', ''],
    ['an escaped dot', '{.items[0].metadata.labels.kubernetes\\.io/hostname}', '127.0.0.1'],
    ['an escaped dot after a descent', '{..kubernetes\\.io/hostname}', '127.0.0.1'],
    [
      'a range',
      '{range .items[*]}[{.metadata.name}, {.status.capacity}] {end}',
      '[127.0.0.1, {"cpu":"4"}] [127.0.0.2, {"cpu":"8"}] ',
    ],
    [
      'ranges in a range',
      '{range .items[*]}{.metadata.name}:{range .status.addresses[*]} {.address}{end};{end}',
      '127.0.0.1: 127.0.0.1 100.0.0.1;127.0.0.2: 127.0.0.2;',
    ],
    ['the current object', '{range .users[*].name}{@}{"\\n"}{end}', 'myself\ne2e\n'],
    ['a literal with a tab and a line feed', '{.kind}{"\\t"}{\'x\'}{"\\n"}', 'List\tx\n'],
    ['a literal with braces', '{"{}"}', '{}'],
    ['a literal with its own quote', '{"a\\"b"}', 'a"b'],
    ['a truth value', '{.users[0].user.admin}', 'true'],
    ['a number', '{.users[0].user.logins}', '3'],
    ['null', '{.users[0].user.token}', 'null'],
    ['a list', '{.items[0].status.addresses[*].address}', '127.0.0.1 100.0.0.1'],
    ['an object', '{.items[1].status.capacity}', '{"cpu":"8"}'],
    ['a field that is not there', '{.nothing.at.all}', ''],
    ['blanks inside the braces', '{ .kind }', 'List'],
    ['blanks around a range', '{ range .users[*] }{ .name } { end }', 'myself e2e '],
    ['no braces at all', 'kind', 'kind'],
    ['nothing', '', ''],
  ])('%s: %s', (_name, template, expected) => {
    expect(evaluateTemplate(template, DATA)).toBe(expected)
  })

  it.each([
    ['{.kind', '"{.kind" lacks its closing brace'],
    ['{"a}', '"{"a}" lacks its closing brace'],
    ['{range .items[*]}{.kind}', '{range} without {end} in the JSONPath template'],
    ['{.kind}{end}', '{end} without {range} in the JSONPath template'],
    ['{}', '"{}": there is no path between the braces'],
    ['{range }{end}', '"{}": there is no path between the braces'],
    ['{.kind .users}', '"{.kind .users}": only one path can be given'],
  ])('says what is wrong with %s', (template, problem) => {
    expect(() => evaluateTemplate(template, DATA)).toThrow(problem)
    expect(() => evaluateTemplate(template, DATA)).toThrow(JsonPathError)
  })

  it('says what is wrong with a filter', () => {
    expect(() => evaluateTemplate('{.users[?(@.name==)]}', DATA)).toThrow(
      /^".*" is not a JSONPath expression: /,
    )
  })

  it('runs no code', () => {
    expect(() => evaluateTemplate('{.users[?(process.exit(1))]}', DATA)).toThrow(JsonPathError)
  })

  it('lets no value control the terminal, and keeps its lines', () => {
    expect(evaluateTemplate('{.a}', { a: 'x\u001b[2J\ny' })).toBe('x^[[2J\ny')
  })
})

describe('selectPath', () => {
  it.each([
    ['.kind', ['List']],
    ['{.kind}', ['List']],
    ['kind', ['List']],
    ['$.users[*].name', ['myself', 'e2e']],
    ['.nothing', []],
  ])('reads %s as kubectl reads columns', (path, expected) => {
    expect(selectPath(path, DATA)).toEqual(expected)
  })

  it.each(['$', '@', '.', '{@}', ''])('%j is the object itself', (path) => {
    expect(selectPath(path, DATA)).toEqual([DATA])
  })
})

describe('a field that has to be there', () => {
  const data = { items: [{ name: 'a', tags: [] }, { name: 'b' }], none: [] }
  it.each(['.nothing', '.nothing[*]', '.items[*].nothing', '.items[9]', '.items[0].x.y'])(
    '%s is not found',
    (path) => {
      expect(() => evaluateTemplate(`{${path}}`, data, false)).toThrow('is not found')
      expect(evaluateTemplate(`{${path}}`, data)).toBe('')
    },
  )

  it.each([
    ['{.items[*].name}', 'a b'],
    ['{.items[*].tags}', '[]'],
    ['{.none[*]}', ''],
    ['{.items[?(@.name=="c")]}', ''],
    ['{.items[?(@.name=="c")].name}', ''],
    ['{.items[5:7]}', ''],
    ['{range .none[*]}{.x}{end}', ''],
  ])('%s is no error', (template, text) => {
    expect(evaluateTemplate(template, data, false)).toBe(text)
  })
})
