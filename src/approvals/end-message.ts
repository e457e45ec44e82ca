import { drawStored } from '../command/draw-stored.ts'
import { labelOf, wordOf } from '../command/object-kinds.ts'
import { leadsTo } from '../command/objects.ts'
import { commands } from '../command/registry.ts'
import type { Translate } from '../core/i18n.ts'
import { bold, buttons, code, type Message, message, quoted, rawMarkup, section } from '../slack/blocks.ts'
import { approversText } from './card.ts'
import type { Request, RequestState, Vote } from './request.ts'
import { typed } from './typed.ts'
import { denierText } from './voter-text.ts'

const sentences: Partial<Record<RequestState, string>> = {
  succeeded: 'Approved by {people}: {command}. {outcome}',
  failed: 'Approved by {people}, but it failed: {command}. {outcome}',
  unknown:
    'Approved by {people}, but Quay did not confirm it: {command}. Someone who can approve this must check in Quay and report the result.',
  expired: 'Expired: nobody approved or denied {command} in time.',
}

/** What the requester is told by a new message once the request has ended; undefined: it goes on, or they ended it themself. */
export function endMessage(request: Request, votes: Vote[], t: Translate): Message | undefined {
  const { state, id } = request
  const again = buttons({ action: 'request:ask-again', label: t.plain('Request again'), value: id })
  const command = code(typed(request))
  if (state === 'denied') {
    const denial = votes.find(({ decision }) => decision === 'denied')
    const said = t('Denied by {person}: {command}.', { person: denierText(votes, t), command })
    const blocks = [section(said), ...(denial?.reason ? [quoted(denial.reason)] : []), again]
    return { text: denial?.reason ? t('{said} {reason}', { said: rawMarkup(said), reason: denial.reason }) : said, blocks }
  }
  if (!(state in sentences)) return undefined
  const said = t(sentences[state] ?? '', {
    people: approversText(votes, t),
    command,
    outcome: rawMarkup(outcomeText(request, t)),
  }).trimEnd()
  return message(said, ...(state === 'failed' || state === 'expired' ? [again] : openIt(request, t)))
}

/** The way to what was asked for, with nothing to type. */
function openIt({ operation, state, input, result }: Request, t: Translate) {
  const command = commands.get(operation)
  const object = state === 'succeeded' && command ? leadsTo(operation, command, input, result) : undefined
  if (!object) return []
  return [buttons({ action: 'object:open', label: t.plain('Open {object}', { object: labelOf(object) }), value: wordOf(object) })]
}

/** The same for somebody who follows the request of another. */
export function followedEnd(request: Request, votes: Vote[], t: Translate): Message | undefined {
  const command = code(typed(request))
  const said =
    request.state === 'withdrawn'
      ? t('Withdrawn by {requester}: {command}.', { requester: bold(request.name), command })
      : endMessage(request, votes, t)?.text
  if (said === undefined) return undefined
  return message(t('{said} Requested by {requester}; you followed it.', { said: rawMarkup(said), requester: bold(request.name) }))
}

function outcomeText({ operation, state, result, failure }: Request, t: Translate) {
  if (state === 'failed') return failure ? t(failure.message, failure.values) : ''
  const view = commands.get(operation)?.view
  if (state !== 'succeeded' || !view || result === null) return ''
  return drawStored(() => view(result, t))?.text ?? ''
}
