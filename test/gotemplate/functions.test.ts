import { describe, expect, it } from 'vitest'
import { render } from './render.ts'

describe('functions', () => {
  it.each([
    // and, or, not return one of their arguments, and stop where the answer is clear
    ['{{and 1 0 2}}', '0'],
    ['{{and 1 "x"}}', 'x'],
    ['{{or "" .Name}}', 'shop'],
    ['{{or 0 ""}}|', '|'],
    ['{{not .Empty}} {{not .Name}}', 'true false'],
    ['{{if and .None (index .None 0)}}a{{else}}b{{end}}', 'b'],
    ['{{or .Name (index .None 0)}}', 'shop'],
    // len counts bytes
    ['{{len .List}} {{len .Labels}} {{len "é"}}', '3 3 2'],
    // index and slice
    ['{{index .List 1}}', 'b'],
    ['{{index .Labels "org.opencontainers.image.revision"}}', 'abc123'],
    ['{{index .Labels "nothing"}}|', '|'],
    ['{{index "abc" 1}}', '98'],
    ['{{slice "abcdef" 1 3}} {{slice "abcdef" 4}} {{slice .List 1}}', 'bc ef [b c]'],
    // Comparison
    ['{{eq .Name "shop"}} {{eq .Name "a" "b" "shop"}} {{ne .Name "shop"}}', 'true true false'],
    [
      '{{eq .Count 3}} {{lt .Count 4}} {{le .Count 3}} {{gt .Count 3}} {{ge .Count 3}}',
      'true true true false true',
    ],
    ['{{lt "a" "b"}} {{gt "a" "B"}} {{lt 1.5 2.5}}', 'true true true'],
    ['{{eq .Nil nil}}', 'true'],
    // print puts a space between two values of which neither is a text
    ['{{print 1 2 "a" "b" 3}}', '1 2a b3'.replace('a b', 'ab')],
    ['{{println "a" 1}}|', 'a 1\n|'],
    // Escapes
    ['{{html "<a href=\'x\'>&\\""}}', '&lt;a href=&#39;x&#39;&gt;&amp;&#34;'],
    ['{{js "it\'s <b> \\"=\\" &\\n"}}', 'it\\\'s \\u003Cb\\u003E \\"\\u003D\\" \\u0026\\u000A'],
    ['{{urlquery "a b&c=d/é!~"}}', 'a+b%26c%3Dd%2F%C3%A9%21~'],
    ['{{.Name | html | printf "%s!"}}', 'shop!'],
  ])('%s', (template, text) => expect(render(template)).toBe(text))
})

describe('printf', () => {
  it.each([
    ['"%s %v %d %t" "a" "b" 3 true', 'a b 3 true'],
    ['"%q %+q" "a\\"\\n\\u00e9" "é"', '"a\\"\\né" "\\u00e9"'],
    ['"%q %c %U" 65 65 233', "'A' A U+00E9"],
    ['"%5d|%-5d|%05d|%+d" 42 42 42 42', '   42|42   |00042|+42'],
    ['"%05d %x %X %#x %o %b" -42 255 255 255 8 5', '-0042 ff FF 0xff 10 101'],
    ['"%6.2f|%e|%g|%.3g" 3.14159 1500.0 0.5 1234.5', '  3.14|1.500000e+03|0.5|1.23e+03'],
    ['"%10s|%-10s|%.2s" "abc" "abc" "abc"', '       abc|abc       |ab'],
    ['"%*d" 5 42', '   42'],
    ['"%x" "hi"', '6869'],
    ['"%T %T %T" 1 "a" 1.5', 'int string float64'],
    ['"%v %s %d" .List .List 1', '[a b c] [a b c] 1'],
    ['"%+v" (index .Images 0)', '{Name:nginx Tag:1.26}'],
    ['"100%%"', '100%'],
    ['"%d" "x"', '%!d(string=x)'],
    ['"%d"', '%!d(MISSING)'],
    ['"%z" 1', '%!z(int=1)'],
    ['"a" "b" 2', 'a%!(EXTRA string=b, int=2)'],
    ['"50%"', '50%!(NOVERB)'],
  ])('printf %s', (call, text) => expect(render(`{{printf ${call}}}`)).toBe(text))
})
