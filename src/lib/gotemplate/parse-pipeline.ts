import { nearestWord } from '../nearest.ts'
import { FUNCTION_NAMES } from './functions.ts'
import type { TemplateSource } from './template-error.ts'
import type { Token } from './token.ts'
import { described, type TokenStream } from './token-stream.ts'
import type { Command, Operand, Pipeline } from './tree.ts'

/** Parentheses inside parentheses. */
const DEEPEST = 50
const NO_DECLARATION: { readonly names: readonly string[]; readonly assigns: boolean } = {
  names: [],
  assigns: false,
}
const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['nil', null],
])

/** Reads what stands in an action, `$x := index .Labels "a" | printf "%q"`, and knows which variables there are. */
export class PipelineParser {
  readonly #source: TemplateSource
  readonly #tokens: TokenStream
  #variables: readonly string[] = ['$']
  #depth = 0

  constructor(source: TemplateSource, tokens: TokenStream) {
    this.#source = source
    this.#tokens = tokens
  }

  /** @returns what {@link closeScope} needs to forget the variables declared since */
  openScope(): readonly string[] {
    return this.#variables
  }

  closeScope(scope: readonly string[]): void {
    this.#variables = scope
  }

  /** Forgets all variables but `$`: a named template has its own. @returns what {@link restore} brings back */
  onlyRoot(): readonly string[] {
    const outer = this.#variables
    this.#variables = ['$']
    return outer
  }

  restore(variables: readonly string[]): void {
    this.#variables = variables
  }

  /**
   * A pipeline up to, and without, the end of the action or the closing parenthesis.
   *
   * @param declares how many variables it may declare: 2 in a range, 0 inside parentheses
   */
  read({ declares }: { readonly declares: 0 | 1 | 2 }): Pipeline {
    const at = this.#tokens.peek().at
    const { names, assigns } = declares === 0 ? NO_DECLARATION : this.#declaration(declares)
    const commands = [this.#command()]
    while (this.#tokens.peek().kind === '|') {
      this.#tokens.next()
      const command = this.#command()
      const base = command.operands[0]?.base
      if (base?.kind === 'literal' || base?.kind === 'dot') {
        throw this.#source.error(command.at, 'what follows a | must be a function')
      }
      commands.push(command)
    }
    // Only now, for `$x := $x` of an undeclared one is a mistake.
    if (!assigns) this.#variables = [...this.#variables, ...names]
    return { variables: names, assigns, commands, at }
  }

  #declaration(most: 1 | 2): typeof NO_DECLARATION {
    if (this.#tokens.peek().kind !== 'variable') return NO_DECLARATION
    const first = this.#tokens.next()
    const then = this.#tokens.peek()
    const names = [first]
    if (then.kind === ',') {
      this.#tokens.next()
      names.push(this.#tokens.expect('variable', 'a second variable'))
    } else if (then.kind !== ':=' && then.kind !== '=') {
      this.#tokens.back()
      return NO_DECLARATION
    }
    const sign = this.#tokens.next()
    if (names.length > most) throw this.#source.error(first.at, 'only range declares two variables')
    if (sign.kind !== ':=' && sign.kind !== '=') throw this.#source.error(sign.at, ':= is missing')
    if (sign.kind === '=') for (const name of names) this.#checkVariable(name)
    return { names: names.map(({ text }) => text), assigns: sign.kind === '=' }
  }

  #command(): Command {
    const at = this.#tokens.peek().at
    const operands: Operand[] = []
    for (;;) {
      const token = this.#tokens.peek()
      if (token.kind === 'close' || token.kind === ')' || token.kind === '|') break
      if (operands.length > 0 && !token.spaced) {
        throw this.#source.error(token.at, `a space is missing before ${described(token)}`)
      }
      operands.push(this.#operand())
    }
    if (operands.length === 0) {
      throw this.#source.error(at, `a value is missing before ${described(this.#tokens.peek())}`)
    }
    if (operands.length === 1 && operands[0]?.base.kind === 'literal' && operands[0].base.value === null) {
      throw this.#source.error(at, 'nil alone is no value to print')
    }
    return { operands, at }
  }

  #operand(): Operand {
    const token = this.#tokens.next()
    const fields: { name: string; at: number }[] = []
    if (token.kind === 'field') fields.push({ name: token.text, at: token.at })
    const base = this.#base(token)
    for (let next = this.#tokens.peek(); next.kind === 'field' && !next.spaced; next = this.#tokens.peek()) {
      if (base.kind === 'literal' || (base.kind === 'dot' && token.kind === 'dot')) {
        throw this.#source.error(next.at, `.${next.text} is asked of what has no fields`)
      }
      fields.push({ name: next.text, at: next.at })
      this.#tokens.next()
    }
    return { base, fields, at: token.at }
  }

  #base(token: Token): Operand['base'] {
    if (token.kind === 'field' || token.kind === 'dot') return { kind: 'dot' }
    if (token.kind === 'string') return { kind: 'literal', value: token.text }
    if (token.kind === 'float') return { kind: 'literal', value: Number(token.text) }
    if (token.kind === 'integer') return { kind: 'literal', value: integer(token.text) }
    if (token.kind === 'variable') {
      this.#checkVariable(token)
      return { kind: 'variable', name: token.text }
    }
    if (token.kind === '(') return this.#group(token)
    if (token.kind === 'word') return this.#word(token)
    throw this.#source.error(token.at, `${described(token)} stands where a value belongs`)
  }

  #group(token: Token): Operand['base'] {
    if (++this.#depth > DEEPEST)
      throw this.#source.error(token.at, `parentheses are nested deeper than ${DEEPEST}`)
    const pipeline = this.read({ declares: 0 })
    this.#tokens.expect(')', 'a closing parenthesis')
    this.#depth--
    return { kind: 'group', pipeline }
  }

  #word(token: Token): Operand['base'] {
    const { text } = token
    if (CONSTANTS.has(text)) return { kind: 'literal', value: CONSTANTS.get(text) ?? null }
    if (FUNCTION_NAMES.includes(text)) return { kind: 'function', name: text }
    const near = nearestWord(text, FUNCTION_NAMES)
    throw this.#source.error(
      token.at,
      `there is no function "${text}"${near ? `; "${near}" is one` : ''}`,
      `Use one of ${FUNCTION_NAMES.join(', ')}; a field is written with a dot, .${text}`,
    )
  }

  #checkVariable({ text, at }: Token): void {
    if (this.#variables.includes(text)) return
    throw this.#source.error(
      at,
      `the variable ${text} is not declared`,
      `Declare it first, {{ ${text} := … }}`,
    )
  }
}

function integer(digits: string): bigint {
  return digits.startsWith('-') ? -BigInt(digits.slice(1)) : BigInt(digits)
}
