import { styleText } from 'node:util'
import {
  createPrompt,
  isDownKey,
  isEnterKey,
  isTabKey,
  isUpKey,
  makeTheme,
  useKeypress,
  useMemo,
  usePagination,
  usePrefix,
  useState,
} from '@inquirer/core'
import figures from '@inquirer/figures'

/** One line of the list. */
export interface OfferedChoice<Value> {
  readonly name: string
  readonly value: Value
  /** Shown below the list while it is the one at the cursor. */
  readonly description?: string
  /** Why it cannot be chosen, as shown behind its name. */
  readonly disabled?: string
}

export interface ChoiceQuestion<Value> {
  readonly message: string
  /** What is offered for what has been typed so far; '' at the start. */
  readonly choicesFor: (typed: string) => readonly OfferedChoice<Value>[]
}

const LINES = 7
const KEYS = [
  ['↑↓', 'navigate'],
  ['⏎', 'select'],
] as const

/**
 * A list that follows what is typed; Tab takes the name at the cursor over for editing.
 *
 * `search` of `@inquirer/prompts` looks the same, but gets its choices asynchronously and forgets an Enter that comes
 * before them: that of a pasted answer, or of somebody who types faster than a busy machine draws.
 */
const prompt = createPrompt<unknown, ChoiceQuestion<unknown>>(({ choicesFor, message }, done) => {
  const theme = makeTheme()
  const [chosen, setChosen] = useState<string>()
  const [typed, setTyped] = useState('')
  const [moved, setMoved] = useState<number>()
  const choices = useMemo(() => choicesFor(typed), [typed])
  const active = moved ?? Math.max(choices.findIndex(isOpen), 0)
  const atCursor = choices[active]
  const status = chosen === undefined ? 'idle' : 'done'
  const prefix = usePrefix({ status, theme })
  useKeypress((key, line) => {
    /** Also where it is what was typed already: readline changes its line at every key. */
    const setLine = (text: string) => {
      line.clearLine(0)
      line.write(text)
    }
    const retype = (text: string) => {
      setTyped(text)
      setMoved(undefined)
    }
    if (isEnterKey(key)) {
      if (!atCursor || !isOpen(atCursor)) return setLine(typed)
      setChosen(atCursor.name)
      done(atCursor.value)
    } else if (isTabKey(key)) {
      const text = atCursor?.name ?? typed
      setLine(text)
      retype(text)
    } else if (isUpKey(key) || isDownKey(key)) {
      setLine(typed)
      setMoved(neighbour(choices, active, isUpKey(key) ? -1 : 1))
    } else if (line.line !== typed) retype(line.line)
  })
  const page = usePagination({
    active,
    items: choices,
    loop: false,
    pageSize: LINES,
    renderItem: ({ item, isActive }) => {
      if (!isOpen(item)) return theme.style.help(`- ${item.name} ${item.disabled}`)
      return isActive ? theme.style.highlight(`${figures.pointer} ${item.name}`) : `  ${item.name}`
    },
  })
  const question = `${prefix} ${theme.style.message(message, status)}`
  if (chosen !== undefined) return `${question} ${theme.style.answer(chosen)}`
  const list = choices.length === 0 ? theme.style.error('No results found') : page
  const description = atCursor?.description ? [theme.style.highlight(atCursor.description)] : []
  const keys = KEYS.map(([key, action]) => `${styleText('bold', key)} ${theme.style.help(action)}`)
  const below = [list, ' ', ...description, keys.join(theme.style.help(' • '))]
  return [`${question} ${theme.style.highlight(typed)}`.trimEnd(), below.join('\n')]
})

/**
 * Asks, and resolves with what was chosen. The answer may come all at once, its Enter included.
 *
 * @throws ExitPromptError on Ctrl-C
 */
export function chooseWhileTyping<Value>(
  question: ChoiceQuestion<Value>,
  context: { readonly output: NodeJS.WritableStream },
): Promise<Value> {
  return prompt(question, context) as Promise<Value>
}

const isOpen = ({ disabled }: OfferedChoice<unknown>) => disabled === undefined

/** The next one in this direction that can be chosen; the same where there is none. */
function neighbour(choices: readonly OfferedChoice<unknown>[], from: number, step: -1 | 1): number {
  let at = from + step
  while (choices[at] !== undefined && !isOpen(choices[at] as OfferedChoice<unknown>)) at += step
  return choices[at] === undefined ? from : at
}
