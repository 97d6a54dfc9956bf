import { describe, expect, it } from 'vitest'
import { commandFirst, type FlagShapes, likeKubectl } from '../../src/cli/arguments.ts'

const FLAGS: FlagShapes = {
  'all-namespaces': { char: 'A', type: 'boolean' },
  'as-group': { multiple: true, type: 'option' },
  'dry-run': { type: 'option' },
  namespace: { char: 'n', type: 'option' },
  output: { char: 'o', type: 'option' },
  'pin-digest': { allowNo: true, type: 'boolean' },
  v: { char: 'v', type: 'option' },
  yes: { char: 'y', type: 'boolean' },
}

describe('likeKubectl reads flags as pflag does', () => {
  it.each<[string, string, string]>([
    ['nothing', '', ''],
    ['an argument', 'shop', 'shop'],
    ['a value after a blank', '-n shop', '--namespace=shop'],
    ['a value after an equals sign', '--namespace=shop', '--namespace=shop'],
    ['a short flag with an equals sign', '-n=shop', '--namespace=shop'],
    ['a short flag and its value in one word', '-nshop', '--namespace=shop'],
    ['-oyaml', '-oyaml', '--output=yaml'],
    ['-v6', '-v6', '--v=6'],
    ['--v=6', '--v=6', '--v=6'],
    ['an empty value', '--namespace=', '--namespace='],
    ['a value with equals signs', '-o jsonpath={.a==1}', '--output=jsonpath={.a==1}'],
    ['a value that looks like a flag', '-n --yes', '--namespace=--yes'],
    ['booleans', '-A --yes', '--all-namespaces --yes'],
    ['joined booleans', '-Ay', '--all-namespaces --yes'],
    ['joined letters, the last with a value', '-Ayn shop', '--all-namespaces --yes --namespace=shop'],
    ['joined letters, the value in the same word', '-Anshop', '--all-namespaces --namespace=shop'],
    ['a boolean switched on', '--yes=true', '--yes'],
    ['a boolean switched off', '--yes=false', ''],
    ['a short boolean switched off', '-y=0', ''],
    ['a boolean switched off again', '--yes --yes=F', ''],
    ['a boolean and no value', '--yes false', '--yes false'],
    ['a boolean that tells off from absent', '--pin-digest=false', '--no-pin-digest'],
    ['its own form', '--no-pin-digest', '--no-pin-digest'],
    ['its own form, overruled', '--no-pin-digest --pin-digest', '--pin-digest'],
    ['the last of two values', '-n a check --namespace=b', 'check --namespace=b'],
    ['all of several values', '--as-group a --as-group=b', '--as-group=a --as-group=b'],
    ['a flag with a bare value', '--dry-run', '--dry-run=client'],
    ['a bare value takes no word', '--dry-run server', '--dry-run=client server'],
    ['a bare value overruled', '--dry-run --dry-run=server', '--dry-run=server'],
    ['a value that is missing', 'shop -n', 'shop --namespace'],
    ['unknown flags, for the parser to refuse', '--nope -x -Ax', '--nope -x -Ax'],
    ['flags after arguments', 'web -n shop admin', 'web --namespace=shop admin'],
    ['flags between arguments, the last of two values', '-oyaml web -o=json', 'web --output=json'],
    ['letters joined, the last with an equals sign', '-An=shop', '--all-namespaces --namespace=shop'],
    ['letters joined, the last switched off', '-Ay=false', '--all-namespaces'],
    ['letters after a flag with a value', '-nAy', '--namespace=Ay'],
    ['a boolean switched on again', '--yes=f --yes=T', '--yes'],
    ['a long and a short form of one flag', '--namespace a -nb', '--namespace=b'],
    ['two dashes as a value', '--namespace -- --yes', '--namespace=-- --yes'],
    ['a bare value, empty', '--dry-run=', '--dry-run='],
    ['a list in one value, for the flag to split', '--as-group=a,b', '--as-group=a,b'],
    ['an abbreviated flag, which is none', '--name shop', '--name shop'],
    ['a long flag with one dash, read as letters', '-output', '--output=utput'],
    ['a single dash', '-', '-'],
    ['nothing after two dashes', '-n a -- -n b --yes', '--namespace=a -- -n b --yes'],
    ['a name of every object', '--constructor --toString', '--constructor --toString'],
  ])('%s: %s', (_name, given, expected) => {
    const words = (text: string) => text.split(' ').filter((word) => word !== '')
    expect(likeKubectl(words(given), FLAGS)).toEqual(words(expected))
  })

  it('refuses a boolean that is neither', () => {
    expect(() => likeKubectl(['--yes=maybe'], FLAGS)).toThrow('--yes=maybe is neither true nor false')
    expect(() => likeKubectl(['-y='], FLAGS)).toThrow('--yes= is neither true nor false')
  })

  it('refuses a duration apart from --wait, which would be an Application', () => {
    const flags: FlagShapes = { ...FLAGS, wait: { type: 'option' } }
    expect(() => likeKubectl(['shop', '--wait', '1m30s'], flags)).toThrow(
      '--wait takes its duration after "="',
    )
    expect(likeKubectl(['--wait', 'shop'], flags)).toEqual(['--wait=5m', 'shop'])
    expect(likeKubectl(['--wait=1m30s', '10m'], flags)).toEqual(['--wait=1m30s', '10m'])
    expect(likeKubectl(['--wait', '10m'], FLAGS)).toEqual(['--wait', '10m'])
  })
})

describe('commandFirst', () => {
  const commands = new Set(['check', 'list'])
  it.each([
    ['check -n shop', 'check -n shop'],
    ['-n shop check', 'check -n shop'],
    ['--namespace shop check web', 'check --namespace shop web'],
    ['--namespace=shop check', 'check --namespace=shop'],
    ['-An shop check', 'check -An shop'],
    ['-nshop check', 'check -nshop'],
    ['-A check', 'check -A'],
    ['--dry-run check', 'check --dry-run'],
    ['-n check list', 'list -n check'],
    ['--help check', 'check --help'],
    ['--nope check', 'check --nope'],
    ['chek list', 'chek list'],
    ['-n check', '-n check'],
    ['-- check', '-- check'],
    ['-n', '-n'],
    ['', ''],
  ])('%s', (given, expected) => {
    expect(commandFirst(given.split(' '), commands, FLAGS).join(' ')).toBe(expected)
  })
})
