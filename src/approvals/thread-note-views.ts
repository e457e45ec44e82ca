import type { Translate } from '../core/i18n.ts'
import type { Note } from '../db/queues.ts'
import { bold, code, type Message, mention, moment, quoted, rawMarkup, section } from '../slack/blocks.ts'
import type { Request, Vote } from './request.ts'
import { typed } from './typed.ts'
import { denierText } from './voter-text.ts'

/** The notes that stand in the card's thread. */
export type ThreadNote = Exclude<Note, 'credential' | 'tell' | 'reopened' | 'ended'>

const sentences: Record<ThreadNote, string> = {
  denied: 'Denied by {person}: {reason}',
  failed: 'Failed: {failure}',
  unknown: 'Quay did not confirm it. Someone who can approve this must check in Quay and press the result.',
  'first-reminder': '{people} This request still needs approval and expires {until}.',
  reminder: '{people} This request still needs approval and expires {until}.',
  escalated: '{people} Nobody has approved or denied this yet. It expires {until}.',
}

/** The people and groups that a note mentions: for a reminder those who can decide and were not told by direct message, for an escalation its own list. */
export function calledBy({ rule }: Pick<Request, 'rule'>, note: ThreadNote, deciders: string[]): string[] {
  if (note === 'escalated') return rule.escalate?.to ?? []
  return note === 'first-reminder' || note === 'reminder' ? deciders : []
}

/** A note in the card's thread. On a phone it stands alone, so its text says whose request it is about. `called` are those to mention that still exist. */
export function noteMessage(
  request: Pick<Request, 'name' | 'operation' | 'input' | 'failure' | 'expiresAt'>,
  votes: Vote[],
  note: ThreadNote,
  called: string[],
  t: Translate,
): Message {
  const { name, failure, expiresAt } = request
  const denial = votes.find(({ decision }) => decision === 'denied')
  const said = t(sentences[note], {
    person: denierText(votes, t),
    reason: denial?.reason ?? '–',
    failure: rawMarkup(failure ? t(failure.message, failure.values) : ''),
    people: rawMarkup(called.map((id) => mention(id).markup).join(' ')),
    until: moment(expiresAt.getTime()),
    // None of those to mention exists any longer.
  }).trimStart()
  const text = t('{command}, requested by {requester}: {said}', {
    ...{ command: code(typed(request)), requester: bold(name), said: rawMarkup(said) },
  })
  const quote =
    note === 'denied' && denial?.reason
      ? [section(t('Denied by {person}:', { person: denierText(votes, t) })), quoted(denial.reason)]
      : undefined
  return { text, blocks: quote ?? [section(said)] }
}
