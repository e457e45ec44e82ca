import type { Failure } from '../../core/failure.ts'
import type { Translate } from '../../core/i18n.ts'
import { escaped } from '../../core/markup.ts'
import { type Message, mention, message, note, rawMarkup } from '../blocks.ts'

/** The one drawing of a failure: its sentence, what is wrong field by field, who could help or what to do next. */
export function failureView(failure: Failure, t: Translate): Message {
  const { message: text, values } = failure.sentence
  const problems = Object.entries(failure.fields).map(([field, problem]) => `• *${escaped(field)}*: ${t(problem.message, problem.values)}`)
  const first = problems.length > 1 ? t('These fields need another look:') : t(text, values)
  const next = nextStep(failure, t)
  return message([first, ...(problems.length > 1 ? problems : [])].join('\n'), ...(next ? [note(next)] : []))
}

function nextStep({ passes, help, next }: Failure, t: Translate) {
  if (next) return t(next.message, next.values)
  // Not “nothing was lost”: a changing call may have left.
  if (passes) return t('Try again in a minute.')
  if (help.length === 0) return ''
  return t('{people} can help.', { people: rawMarkup(listOf(help, t)) })
}

/** “<@bea> or <@carl>”; groups are named so that nobody is notified. */
function listOf(ids: string[], t: Translate) {
  const mentions = ids.slice(0, 3).map((id) => mention(id).markup)
  return new Intl.ListFormat(t.language, { type: 'disjunction' }).format(mentions)
}

/** What a bug looks like from outside: the log has the rest under the reference. */
export function bugView(reference: string, t: Translate): Message {
  return message(t('Something went wrong. Tell an operator the reference {reference}.', { reference }))
}
