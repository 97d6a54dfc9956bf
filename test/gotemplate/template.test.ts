import { describe, expect, it } from 'vitest'
import { render } from './render.ts'

describe('a template of Go', () => {
  // The one-line examples of the documentation of text/template: all print "output" in its quotes.
  it.each([
    '{{"\\"output\\""}}',
    '{{`"output"`}}',
    '{{printf "%q" "output"}}',
    '{{"output" | printf "%q"}}',
    '{{printf "%q" (print "out" "put")}}',
    '{{"put" | printf "%s%s" "out" | printf "%q"}}',
    '{{"output" | printf "%s" | printf "%q"}}',
    '{{with "output"}}{{printf "%q" .}}{{end}}',
    '{{with $x := "output" | printf "%q"}}{{$x}}{{end}}',
    '{{with $x := "output"}}{{printf "%q" $x}}{{end}}',
    '{{with $x := "output"}}{{$x | printf "%q"}}{{end}}',
  ])('%s', (template) => expect(render(template)).toBe('"output"'))

  it.each([
    // Text and trim markers
    ['plain } text { here', 'plain } text { here'],
    ['{{23 -}} < {{- 45}}', '23<45'],
    ['a \n {{- "b" -}} \t\n c', 'abc'],
    ['{{-3}}', '-3'],
    ['a {{- -3}}', 'a-3'],
    ['x {{/* a\ncomment */}} y', 'x  y'],
    ['x {{- /* a comment */ -}} y', 'xy'],
    ['{{"a"\n}}', 'a'],
    // Fields, variables, $
    ['{{.Name}}', 'shop'],
    ['{{$.Name}}', 'shop'],
    ['{{(index .Images 0).Name}}', 'nginx'],
    ['{{$i := index .Images 1}}{{$i.Tag}}', '7.4'],
    ['{{$x := 1}}{{if true}}{{$x = 2}}{{end}}{{$x}}', '2'],
    ['{{$x := 1}}{{if true}}{{$x := 2}}{{end}}{{$x}}', '1'],
    ['{{.Labels.a}}', '1'],
    ['{{.Labels.nothing}}', ''],
    ['{{.Nil}}', '<no value>'],
    // if, else if, else
    ['{{if .Empty}}a{{else if .No}}b{{else}}c{{end}}', 'c'],
    ['{{if .Empty}}a{{else if .Yes}}b{{else}}c{{end}}', 'b'],
    ['{{if .None}}a{{end}}', ''],
    ['{{if $n := .Name}}{{$n}}{{end}}', 'shop'],
    // with
    ['{{with .Name}}{{.}}{{end}}', 'shop'],
    ['{{with .Empty}}a{{else}}{{.Name}}{{end}}', 'shop'],
    ['{{with .Empty}}a{{else with .Count}}{{.}}{{end}}', '3'],
    // range
    ['{{range .List}}{{.}},{{end}}', 'a,b,c,'],
    ['{{range $i, $e := .List}}{{$i}}={{$e}} {{end}}', '0=a 1=b 2=c '],
    ['{{range $e := .List}}{{$e}}{{end}}', 'abc'],
    ['{{range .None}}a{{else}}none in {{.Name}}{{end}}', 'none in shop'],
    ['{{range $k, $v := .Labels}}{{$k}}={{$v}} {{end}}', 'a=1 b=2 org.opencontainers.image.revision=abc123 '],
    ['{{range 3}}{{.}}{{end}}', '012'],
    ['{{range .List}}{{if eq . "b"}}{{continue}}{{end}}{{.}}{{end}}', 'ac'],
    ['{{range .List}}{{if eq . "b"}}{{break}}{{end}}{{.}}{{end}}', 'a'],
    ['{{range .Images}}{{.Name}} of {{$.Name}} {{end}}', 'nginx of shop redis of shop '],
    ['{{range .Nil}}a{{else}}b{{end}}', 'b'],
    // define, template, block
    [
      '{{define "T1"}}ONE{{end}}{{define "T2"}}TWO{{end}}{{define "T3"}}{{template "T1"}} {{template "T2"}}{{end}}{{template "T3"}}',
      'ONE TWO',
    ],
    ['{{define "row"}}{{.Name}} {{end}}{{range .Images}}{{template "row" .}}{{end}}', 'nginx redis '],
    ['{{block "title" .Name}}[{{.}}]{{end}}', '[shop]'],
    // Literals
    ["{{'a'}} {{'\\n'}} {{0x1F}} {{017}} {{1_000}} {{1e3}} {{.5}} {{1.0}}", '97 10 31 15 1000 1000 0.5 1'],
    ['{{"tab\\tnew\\nline \\u00e9 \\x41 \\101"}}', 'tab\tnew\nline é A A'],
    ['{{`raw \\n`}}', 'raw \\n'],
    ['{{true}} {{false}}', 'true false'],
    // Printing of whole values
    [
      '{{.List}} {{.Labels}} {{.Images}}',
      '[a b c] map[a:1 b:2 org.opencontainers.image.revision:abc123] [{nginx 1.26} {redis 7.4}]',
    ],
    ['{{1e21}} {{0.00001}} {{100000000.0}}', '1e+21 1e-05 100000000'],
  ])('%s', (template, text) => expect(render(template)).toBe(text))
})
