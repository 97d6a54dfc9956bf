import { readTokens } from './lexer.ts'
import { PipelineParser } from './parse-pipeline.ts'
import type { TemplateSource } from './template-error.ts'
import type { Token } from './token.ts'
import { TokenStream } from './token-stream.ts'
import type { Body, Node } from './tree.ts'

/** Actions inside actions. */
const DEEPEST = 100

export interface ParsedTemplate {
  readonly main: Body
  /** What `define` and `block` gave a name. */
  readonly named: ReadonlyMap<string, Body>
}

/**
 * Reads a template by the grammar of Go's text/template, functions and variables checked.
 *
 * @throws GoTemplateError with the place of the first mistake.
 */
export function parseTemplate(source: TemplateSource): ParsedTemplate {
  return new Parser(source).all()
}

type Ending = 'end' | 'else' | 'end of template'

class Parser {
  readonly #source: TemplateSource
  readonly #tokens: TokenStream
  readonly #pipelines: PipelineParser
  readonly #named = new Map<string, Body>()
  #depth = 0
  #ranges = 0

  constructor(source: TemplateSource) {
    this.#source = source
    this.#tokens = new TokenStream(source, readTokens(source))
    this.#pipelines = new PipelineParser(source, this.#tokens)
  }

  all(): ParsedTemplate {
    const { body, ending, at } = this.#body()
    if (ending !== 'end of template') throw this.#source.error(at, `{{${ending}}} belongs to nothing`)
    return { main: body, named: this.#named }
  }

  /** Nodes up to an `end` or an `else`, of which only the word itself is taken. */
  #body(): { body: Body; ending: Ending; at: number } {
    const body: Node[] = []
    for (;;) {
      const token = this.#tokens.next()
      if (token.kind === 'end of template') return { body, ending: token.kind, at: token.at }
      if (token.kind === 'text') {
        body.push({ kind: 'text', text: token.text })
      } else if (token.kind === 'word' && (token.text === 'end' || token.text === 'else')) {
        return { body, ending: token.text, at: token.at }
      } else {
        const node = this.#action(token)
        if (node !== undefined) body.push(node)
      }
    }
  }

  #action(token: Token): Node | undefined {
    if (token.kind === 'word') {
      if (token.text === 'if' || token.text === 'with' || token.text === 'range') {
        return this.#control(token.text, token)
      }
      if (token.text === 'template') return this.#templateCall(token)
      if (token.text === 'block') return this.#block(token)
      if (token.text === 'define') return this.#define(token)
      if (token.text === 'break' || token.text === 'continue') return this.#leave(token.text, token)
    }
    this.#tokens.back()
    const pipeline = this.#pipelines.read({ declares: 1 })
    this.#tokens.expect('close', 'the end of the action')
    return { kind: 'action', pipeline, at: token.at }
  }

  #control(kind: 'if' | 'with' | 'range', token: Token): Node {
    const scope = this.#pipelines.openScope()
    this.#enter(token)
    const pipeline = this.#pipelines.read({ declares: kind === 'range' ? 2 : 1 })
    this.#tokens.expect('close', `}} after the condition of ${kind}`)
    if (kind === 'range') this.#ranges++
    const { body, ending } = this.#closed(token)
    if (kind === 'range') this.#ranges--
    const otherwise = ending === 'else' ? this.#otherwise(kind, token) : []
    if (ending === 'end') this.#tokens.expect('close', '}} after end')
    this.#depth--
    this.#pipelines.closeScope(scope)
    return { kind, pipeline, body, otherwise, at: token.at }
  }

  /** What follows `else`: another condition of the same kind, which ends with it, or a body of its own. */
  #otherwise(kind: string, opener: Token): Body {
    const next = this.#tokens.next()
    if (next.kind === 'word' && next.text === kind && (kind === 'if' || kind === 'with')) {
      return [this.#control(kind, next)]
    }
    if (next.kind !== 'close') throw this.#source.error(next.at, `after else stands }} or ${kind}`)
    const { body, ending, at } = this.#closed(opener)
    if (ending === 'else') throw this.#source.error(at, 'a second else')
    this.#tokens.expect('close', '}} after end')
    return body
  }

  /** A body that must end. */
  #closed(opener: Token): { body: Body; ending: Ending; at: number } {
    const read = this.#body()
    if (read.ending === 'end of template') {
      throw this.#source.error(opener.at, `{{${opener.text}}} has no end`, 'Write {{end}} where it ends')
    }
    return read
  }

  #templateCall(token: Token): Node {
    const name = this.#tokens.expect('string', 'the name of a template').text
    if (this.#tokens.peek().kind === 'close') {
      this.#tokens.next()
      return { kind: 'template', name, at: token.at }
    }
    const pipeline = this.#pipelines.read({ declares: 0 })
    this.#tokens.expect('close', 'the end of the action')
    return { kind: 'template', name, pipeline, at: token.at }
  }

  #block(token: Token): Node {
    const name = this.#tokens.expect('string', 'the name of a block').text
    const pipeline = this.#pipelines.read({ declares: 0 })
    this.#tokens.expect('close', '}} after the block')
    this.#name(name, token)
    return { kind: 'template', name, pipeline, at: token.at }
  }

  #define(token: Token): undefined {
    if (this.#depth > 0) throw this.#source.error(token.at, 'define stands inside of another action')
    const name = this.#tokens.expect('string', 'the name of a template').text
    this.#tokens.expect('close', '}} after the name')
    this.#name(name, token)
  }

  #name(name: string, token: Token): void {
    if (this.#named.has(name)) throw this.#source.error(token.at, `the template "${name}" is defined twice`)
    const outer = this.#pipelines.onlyRoot()
    const ranges = this.#ranges
    this.#ranges = 0
    this.#enter(token)
    const { body, ending, at } = this.#closed(token)
    if (ending === 'else') throw this.#source.error(at, `else in a ${token.text}`)
    this.#tokens.expect('close', '}} after end')
    this.#depth--
    this.#ranges = ranges
    this.#pipelines.restore(outer)
    this.#named.set(name, body)
  }

  #leave(how: 'break' | 'continue', token: Token): Node {
    if (this.#ranges === 0) throw this.#source.error(token.at, `${how} outside of range`)
    this.#tokens.expect('close', 'the end of the action')
    return { kind: 'leave', how }
  }

  #enter(token: Token): void {
    if (++this.#depth > DEEPEST)
      throw this.#source.error(token.at, `actions are nested deeper than ${DEEPEST}`)
  }
}
