import type { Failure } from '../../core/failure.ts'
import type { Translate } from '../../core/i18n.ts'
import { listText } from '../../core/lists.ts'
import { escaped } from '../../core/markup.ts'
import { buttons, type Message, mention, message, note, rawMarkup } from '../blocks.ts'

/** Renders a Failure: its sentence, the problems of fields, and who could help or what to do next. */
export function failureView(failure: Failure, t: Translate): Message {
  const { message: text, values } = failure.sentence
  const problems = Object.entries(failure.fields).map(
    ([field, problem]) => `• *${escaped(String(problem.values.label ?? field))}*: ${t(problem.message, problem.values)}`,
  )
  const first = problems.length > 1 ? t('Please correct:') : t(text, values)
  const next = nextStep(failure, t)
  return message(
    [first, ...(problems.length > 1 ? problems : [])].join('\n'),
    ...(next ? [note(next)] : []),
    ...(failure.lookAgain ? [lookAgainButton(t)] : []),
  )
}

/** For a person without an account that the directory knows. */
export function lookAgainButton(t: Translate) {
  return buttons({ action: 'identity:look', label: t.plain('Check again') })
}

function nextStep({ passes, help, next }: Failure, t: Translate) {
  if (next) return t(next.message, next.values)
  // It does not say “nothing was lost”, because a changing call may have been sent.
  if (passes) return t('Try again in a minute.')
  if (help.length === 0) return ''
  return t('{people} can help.', { people: rawMarkup(listOf(help, t)) })
}

/** “<@bea> or <@carl>”. Groups are named without a mention, so that nobody is notified. */
function listOf(ids: string[], t: Translate) {
  const mentions = ids.slice(0, 3).map((id) => mention(id).markup)
  return listText(t, 'disjunction', mentions)
}

/** What a person sees of a bug; the log has the details under the reference. */
export function bugView(reference: string, t: Translate): Message {
  return message(t('Something went wrong. Contact your operator with reference {reference}.', { reference }))
}
