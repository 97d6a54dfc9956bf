import { describe, expect, it } from 'vitest'
import { GoTemplate } from '../../src/lib/gotemplate/template.ts'
import { GoTemplateError } from '../../src/lib/gotemplate/template-error.ts'
import { processorTime } from '../processor-time.ts'
import { DATA, render } from './render.ts'

function failure(template: string): GoTemplateError {
  try {
    render(template)
  } catch (error) {
    if (error instanceof GoTemplateError) return error
    throw error
  }
  throw new Error(`${template} has no mistake`)
}

describe('a mistake is named with its line and column', () => {
  it.each([
    ['{{.Images', 'line 1, column 1: the action does not end'],
    ['a\nb {{if .Name}}x', 'line 2, column 5: {{if}} has no end'],
    ['é {{ .Nope }}', 'line 1, column 6: Release has no field .Nope'],
    ['{{range .Images}}\n{{.Nmae}}{{end}}', 'line 2, column 3: Image has no field .Nmae'],
    ['{{end}}', 'line 1, column 3: {{end}} belongs to nothing'],
    ['{{if .Yes}}{{else}}{{else}}{{end}}', 'a second else'],
    ['{{lenn .List}}', 'there is no function "lenn"; "len" is one'],
    ['{{$x}}', 'the variable $x is not declared'],
    ['{{if .Yes}}{{$x := 1}}{{end}}{{$x}}', 'the variable $x is not declared'],
    ['{{"a}}', 'the string does not end'],
    ['{{/* a}}', 'the comment does not end'],
    ['{{.Name "x"}}', 'only a function takes arguments'],
    ['{{.Name | "x"}}', 'what follows a | must be a function'],
    ['{{eq 1 1.0}}', 'int and float64 cannot be compared'],
    ['{{eq .Name 1}}', 'string and int cannot be compared'],
    ['{{eq .List .List}}', '[]interface {} cannot be compared'],
    ['{{lt true false}}', 'bool has no order'],
    ['{{index .List 3}}', 'there is nothing at 3'],
    ['{{slice "abc" 2 1}}', 'the end comes first'],
    ['{{len 3}}', 'int has no length'],
    ['{{not}}', 'not takes 1 argument, not 0'],
    ['{{range .Name}}{{end}}', 'range goes over lists, maps and integers, not over string'],
    ['{{.Name.Length}}', '.Length is asked of a string, which has no fields'],
    ['{{template "x"}}', 'no template "x" is defined'],
    ['{{break}}', 'break outside of range'],
    ['{{nil}}', 'nil alone is no value'],
    ['{{}}', 'a value is missing'],
    ['{{1i}}', 'this is not a number'],
    ['{{print "a""b"}}', 'a space is missing before "b"'],
    ['{{call .Name}}', 'there is no function "call"'],
    ['{{printf "%[1]s" "a"}}', 'no argument numbers'],
    ['{{#if}}', '"#" has no meaning in an action'],
  ])('%s', (template, message) => expect(failure(template).message).toContain(message))

  it('and the fields that there are', () => {
    const { line, column, remedy } = failure('first\n  {{.Nope}}')
    expect({ line, column }).toEqual({ line: 2, column: 5 })
    expect(remedy).toMatch(/^It has \.Name, \.Empty, /)
  })
})

describe('a template sees its data and nothing else', () => {
  it.each(['constructor', '__proto__', 'prototype', 'toString', 'fields', 'hasOwnProperty', 'length'])(
    '.%s is no field of a struct, a list or a text',
    (name) => {
      for (const from of [`.${name}`, `.List.${name}`, `.Name.${name}`, `(index .Images 0).${name}`]) {
        expect(() => render(`{{${from}}}`)).toThrow(GoTemplateError)
      }
      expect(render(`{{.Labels.${name}}}{{index .Labels "${name}"}}`)).toBe('')
    },
  )

  it.each(['constructor', 'toString', '__proto__', 'valueOf'])('%s is no function', (name) => {
    expect(() => render(`{{${name}}}`)).toThrow(/there is no function/)
    expect(() => render(`{{"\\c${name}"}}`)).toThrow(/no escape/)
  })
})

describe('a template that costs too much is stopped', () => {
  it.each([
    ['steps', '{{range 1000000000}}{{end}}', /more than 100000 steps/],
    ['nested ranges', '{{range 10000}}{{range 10000}}{{end}}{{end}}', /steps/],
    ['output', `{{range 10000}}${'x'.repeat(100)}{{end}}`, /longer than 65536 characters/],
    [
      'text that is never printed',
      '{{$x := "0123456789"}}{{range 100}}{{$x = print $x $x}}{{end}}',
      /too much text/,
    ],
    ['width', '{{printf "%2000d" 1}}', /wider than 1000/],
    ['recursion', '{{define "a"}}{{template "a"}}{{end}}{{template "a"}}', /deeper than 100/],
    ['nesting', `${'{{if 1}}'.repeat(200)}${'{{end}}'.repeat(200)}`, /deeper than 100/],
    ['parentheses', `{{${'('.repeat(100)}1${')'.repeat(100)}}}`, /deeper than 50/],
    ['length', 'x'.repeat(65_537), /longer than 65536 characters/],
  ])('%s', (_, template, message) => expect(() => render(template)).toThrow(message))

  it('in linear time, also where space is trimmed', () => {
    const template = `${' '.repeat(60_000)}x${' '.repeat(3000)}{{- 1 -}}${' '.repeat(2000)}y`
    expect(processorTime(() => render(template))).toBeLessThan(500)
  })
})

it('tells which fields a template asks for first', () => {
  const template = new GoTemplate('{{range $a := .Apps}}{{if (index $a.Images 0).Name}}{{end}}{{end}}')
  expect(['Apps', 'Images', 'Name', 'Tag'].map((name) => template.mentions(name))).toEqual([
    true,
    true,
    true,
    false,
  ])
  expect(() => template.render(DATA)).toThrow(/no field \.Apps/)
})
