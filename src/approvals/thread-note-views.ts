import type { Note } from '../app/jobs.ts'
import type { Translate } from '../core/i18n.ts'
import { bold, drawn, type Message, mention, message, moment, quoted, section } from '../slack/blocks.ts'
import type { Request, Vote } from './request.ts'

const sentences: Record<Exclude<Note, 'credential'>, string> = {
  denied: 'Denied by {person}: {reason}',
  failed: 'It failed: {failure}',
  unknown: 'Quay did not confirm it. Somebody who may decide this has to look in Quay and press what they found.',
  'first-reminder': '{people} This still waits for a decision, until {until}.',
  reminder: 'This still waits for a decision, until {until}.',
  escalated: '{people} Nobody has decided this yet. It expires {until}.',
}

/** What is said in a card's thread. The first reminder calls the approvers that are people, the escalation those it names. */
export function noteMessage(
  { rule, failure, expiresAt }: Request,
  votes: Vote[],
  note: Exclude<Note, 'credential'>,
  t: Translate,
): Message {
  const called = note === 'escalated' ? (rule.escalate?.to ?? []) : rule.approvers.filter((one) => /^[UW]/.test(one))
  const denial = votes.find(({ decision }) => decision === 'denied')
  const said = message(
    t(sentences[note], {
      person: bold(denial?.name ?? ''),
      reason: denial?.reason ?? '–',
      failure: drawn(failure ? t(failure.message, failure.values) : ''),
      people: drawn(called.map((id) => mention(id).markup).join(' ')),
      until: moment(expiresAt.getTime()),
    }),
  )
  if (note !== 'denied' || !denial?.reason) return said
  return { text: said.text, blocks: [section(t('Denied by {person}:', { person: bold(denial.name) })), quoted(denial.reason)] }
}
