import type { CallToolResult } from '@modelcontextprotocol/server'
import { commandOf } from '../../command/arguments.ts'
import { withoutCredentials } from '../../command/audit-row.ts'
import type { Bot } from '../../context.ts'
import type { Failure } from '../../core/failure.ts'
import { type Translate, translator } from '../../core/i18n.ts'
import { slash } from '../../core/slash-command.ts'
import type { Outcome } from '../outcome.ts'
import { cardBlocks } from './card-blocks.ts'
import { asText } from './data.ts'
import { shownIn } from './shown.ts'

/** What a call of a tool comes to, in the words of the audit log and of tests. */
export type Verdict = 'done' | 'prepared' | 'waits' | Failure['code'] | 'bug'

/** An answer: our own sentence first, then the facts as data. */
export function answerWith(sentence: string, data: unknown, more: Pick<CallToolResult, '_meta' | 'isError'> = {}): CallToolResult {
  const text = [sentence, ...(data === undefined ? [] : [JSON.stringify(data)])].join('\n')
  return { content: [{ type: 'text', text }], ...more }
}

/** The answer of a read: what was asked, how much there is, and the result as data; as a card the same view that people see. */
export function readAnswer(bot: Bot, outcome: Extract<Outcome, { state: 'done' }>): CallToolResult {
  const { name, command, person, input, result, more } = outcome
  const t = translator(person.language)
  const linkable = { origin: bot.quay.url }
  const typed = asText(commandOf(name, command, withoutCredentials(command, input)), linkable)
  const view = command.view(result, t)
  const data = { ...countOf(result), ...(more && { more: slash(name) }), shown: shownIn(view, linkable) }
  const blocks = cardBlocks(view, linkable, bot.slack.drawing)
  return answerWith(t.plain('Result of {command}:', { command: typed }), data, blocks && { _meta: { slack: { blocks } } })
}

function countOf(result: unknown) {
  const { entries } = (result ?? {}) as { entries?: unknown } // a list has them, and nothing else does
  return Array.isArray(entries) ? { count: entries.length } : {}
}

/** A refusal or a failure: its sentence, the problems of arguments, and the next step. */
export function failedAnswer(failure: Failure, origin: string, t: Translate): CallToolResult {
  const linkable = { origin }
  const { message, values } = failure.sentence
  const problems = Object.entries(failure.fields).map(([field, { message: said, values: of }]) => [
    field,
    asText(t.plain(said, of), linkable),
  ])
  const sentence = asText(t.plain(message, values).replaceAll(/\*([^*\n]{1,100})\*/g, '$1'), linkable, 600)
  const next = failure.next
    ? asText(t.plain(failure.next.message, failure.next.values), linkable)
    : failure.passes
      ? t.plain('Try again in a minute.')
      : ''
  const data = { refused: failure.code, ...(problems.length > 0 && { arguments: Object.fromEntries(problems) }) }
  return answerWith([sentence, next].filter(Boolean).join(' '), data, { isError: true })
}
