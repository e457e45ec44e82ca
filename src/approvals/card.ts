import { drawStored } from '../command/draw-stored.ts'
import { commands } from '../command/registry.ts'
import { manualCheckOf } from '../command/run-with-retry.ts'
import type { Translate } from '../core/i18n.ts'
import { sentences } from '../core/lists.ts'
import type { Markup } from '../core/markup.ts'
import { bold, clip, code, lines, type Message, mention, message, moment, note, quoted, rawMarkup, section } from '../slack/blocks.ts'
import { codes } from '../slack/views/codes.ts'
import { sizeText } from '../slack/views/size.ts'
import { stepsView } from '../slack/views/steps.ts'
import { backgroundNotes } from './background-views.ts'
import { type Audience, isForApprovers, requestButtons } from './card-buttons.ts'
import { namespacesOf, whoCanApprove } from './deciders-view.ts'
import { factLines, noteText } from './fact-views.ts'
import type { RequestFacts } from './facts.ts'
import { inputRows } from './input-rows.ts'
import type { Request, RequestState, Vote } from './request.ts'
import type { Story } from './story.ts'
import { commentBlocks, sameNotes } from './talk/views.ts'
import { typed } from './typed.ts'
import { denierText, votersText } from './voter-text.ts'

const states: Record<RequestState | 'halfWay' | 'succeededWithOthers', string> = {
  pending: ':hourglass_flowing_sand: Needs {missing, plural, one {# approval} other {# approvals}}.',
  halfWay: ':hourglass_flowing_sand: Approved by {people}. Needs {missing, number} more.',
  denied: ':no_entry: Denied by {person}.',
  expired: ':hourglass: Expired: nobody approved or denied it in time.',
  withdrawn: ':leftwards_arrow_with_hook: Withdrawn by {requester}.',
  approved: ':white_check_mark: Approved by {people}. Starting…',
  running: ':gear: Approved by {people}. Running…',
  succeeded: ':white_check_mark: Approved by {authority} and done.',
  succeededWithOthers: ':white_check_mark: Approved by {authority} and done. Also approved by {others}.',
  failed: ':x: Approved by {people}, but it failed.',
  unknown: ':grey_question: Approved by {people}, but Quay did not confirm it. The result is unknown.',
}

/** The one drawing of a request in all its states. It mentions only who is named in `mentioned`, on the card under `notify: mention`. */
export function requestMessage(request: Request, story: Story, t: Translate, audience: Audience, mentioned: string[] = []): Message {
  const { votes } = story
  const state = stateLine(request, votes, t)
  const first = t('{requester} requests approval for {command}: {summary}.', {
    requester: bold(request.name),
    command: code(typed(request)),
    summary: t.plain(commands.get(request.operation)?.summary ?? ''),
  })
  const called = mentioned.map((id) => mention(id).markup).join(' ')
  const command = commands.get(request.operation)
  const entered = command ? inputRows(command, { input: request.input, sealed: Boolean(request.sealed), ids: 'short' }, t) : []
  const { blocks } = message([called, first].filter(Boolean).join(' '), ...lines(entered))
  const all = [
    ...blocks,
    ...factBlocks(request, t, audience),
    ...quotation(t('*Reason*:'), request.reason),
    ...votes.flatMap(({ decision, reason }) => (decision === 'denied' ? quotation(t('*Reason for denying*:'), reason) : [])),
    ...commentBlocks(story, t),
    section(state),
    ...sameNotes(story, t, { all: isForApprovers(audience) }),
    ...rows([
      request.note ? noteText(request.note, t, isForApprovers(audience) || !request.about.right) : '',
      problemRow(request, t, audience),
    ]),
    ...outcomeBlocks(request, t),
    note(footer(request, votes, t, audience)),
    ...requestButtons(request, story, t, audience),
  ]
  // The first lines are what a phone shows: who asks for what on which object, and why.
  const why = request.reason && request.state === 'pending' ? t('Reason: {reason}', { reason: clip(request.reason, 200) }) : ''
  return { text: [called, first, why, state].filter(Boolean).join(' '), blocks: all }
}

function rows(texts: string[]) {
  return texts.filter(Boolean).map((text) => section(text))
}

function stateLine({ state, name, rule }: Request, votes: Vote[], t: Translate) {
  const approvals = votes.filter(({ decision }) => decision === 'approved')
  const names = (some: Vote[]) => votersText(some, t)
  const others = approvals.filter(({ entitled }) => !entitled)
  const isHalfWay = state === 'pending' && approvals.length > 0
  const withOthers = state === 'succeeded' && others.length > 0
  const drawing = isHalfWay ? 'halfWay' : withOthers ? 'succeededWithOthers' : state
  return t(states[drawing], {
    requester: bold(name),
    missing: Math.max(1, rule.needed - approvals.length),
    person: denierText(votes, t),
    people: names(approvals),
    authority: names(approvals.filter(({ entitled }) => entitled)),
    others: names(others),
  })
}

/** The names of those who approved. */
export function approversText(votes: Vote[], t: Translate): Markup {
  return votersText(
    votes.filter(({ decision }) => decision === 'approved'),
    t,
  )
}

/** The facts at the time of rendering. The requester may lack the permission to know them. */
function factBlocks(request: Request, t: Translate, audience: Audience) {
  const { operation, facts, about } = request
  // jsonb holds what readFacts wrote
  const { seen, facts: read, problem } = (facts ?? {}) as RequestFacts
  if (!isForApprovers(audience)) return []
  // The cast: `read` of the same preview wrote it, if perhaps an earlier release's
  const preview =
    seen === undefined || seen === null ? undefined : drawStored(() => commands.get(operation)?.preview?.view(seen as never, t))
  return [
    ...(preview?.blocks.filter(({ type }) => type !== 'actions') ?? []),
    ...(read ? factLines(read, t) : []),
    ...(problem ? [section(t('Quay now says: {problem}', { problem: rawMarkup(t(problem.message, problem.values)) }))] : []),
    ...(about.similar && about.similar.length > 0 ? [note(t('Similar existing names: {names}', { names: codes(about.similar, t) }))] : []),
    ...quotaNote(about, t),
    ...backgroundNotes(request, t),
    note(
      about.right
        ? t('The requester does not have permission in Quay: “{right}”', {
            right: rawMarkup(t(about.right.message, about.right.values)),
          })
        : t('The requester has permission in Quay; the policy requires approval.'),
    ),
  ]
}

function quotaNote({ quota }: Request['about'], t: Translate) {
  if (!quota) return []
  const { namespace, limit, used } = quota
  const left = sizeText(Math.max(0, limit - used), t)
  return [note(t('Quota of {namespace}: {left} of {limit} left.', { namespace: code(namespace), left, limit: sizeText(limit, t) }))]
}

/** A person's text is a quotation below its heading, so that it cannot imitate a line of the card. */
function quotation(heading: string, text: string | null) {
  return text ? [section(heading), quoted(text)] : []
}

const problems: Record<string, string> = {
  is_archived: 'The channel {channel} is archived, so approvers get this request by direct message. Contact your operator.',
  is_inactive: 'The channel {channel} is archived, so approvers get this request by direct message. Contact your operator.',
  shared:
    'People from other workspaces can read the channel {channel}, so approvers get this request by direct message. Contact your operator.',
}

function problemRow({ cardProblem, rule }: Request, t: Translate, audience: Audience) {
  if (!cardProblem || isForApprovers(audience)) return ''
  const channel = rawMarkup(`<#${rule.channel}>`)
  return t(
    problems[cardProblem] ?? 'Quaymaster can’t post in {channel}, so approvers get this request by direct message. Contact your operator.',
    { channel },
  )
}

function outcomeBlocks(request: Request, t: Translate) {
  const { operation, state, result, steps, failure, found } = request
  const view = commands.get(operation)?.view
  const done = view && result !== null ? drawStored(() => view(result, t)) : undefined
  if (state === 'succeeded') return [...(done ? [section(done.text)] : []), ...stepsView(steps ?? [], t)]
  if (state === 'failed' && failure) return [section(t(failure.message, failure.values))]
  if (state !== 'unknown') return []
  const there = found?.kind === 'found' && view ? drawStored(() => view(found.result, t)) : undefined
  const seen = there
    ? t('What was requested now exists in Quay: {outcome}', { outcome: rawMarkup(there.text) })
    : found?.kind === 'nothing'
      ? t('What was requested does not exist in Quay.')
      : lookLine(request, t)
  return [...(failure ? [section(t(failure.message, failure.values))] : []), section(seen)]
}

/** If there is no probe, the approver must look, with a command if there is one. */
function lookLine({ operation, input }: Request, t: Translate) {
  const found = commands.get(operation)
  const command = found && manualCheckOf(found, input)
  return command === undefined
    ? t('Check in Quay: Quaymaster can’t tell what exists now.')
    : t('Check the current state with {command}.', { command: code(command) })
}

function footer(
  { id, rule, about, expiresAt, state, requester, operation, input }: Request,
  votes: Vote[],
  t: Translate,
  audience: Audience,
) {
  // A name instead of a mention, because a card notifies nobody.
  const named = (approver: string) => (about.names?.[approver] === undefined ? code(approver) : bold(about.names[approver]))
  const approvers = whoCanApprove(rule, namespacesOf(operation, input), t, named)
  const pending =
    state === 'pending'
      ? t('{given} of {needed} approvals · {approvers} can approve · policy “{rule}” · expires {until}', {
          given: votes.filter(({ decision }) => decision === 'approved').length,
          needed: rule.needed,
          rule: rule.name,
          approvers: rawMarkup(approvers),
          until: moment(expiresAt.getTime()),
        })
      : t('Policy “{rule}”.', { rule: rule.name })
  const shown = t('Request {id}.', { id: code(id) })
  return audience === 'reader' || audience === 'approver'
    ? sentences(t, [shown, t('Requested by {person}.', { person: mention(requester) }), pending])
    : sentences(t, [shown, pending])
}
