import type { Bot } from '../../context.ts'
import { aDay, aMinute, anHour } from '../../core/durations.ts'
import type { Sentence } from '../../core/i18n.ts'
import type { Db } from '../../db/database.ts'
import { enqueueNotice, type NoticeMore } from '../../notifications/cards.ts'
import { granteeOf } from '../../quay/permissions.ts'
import { slackPersonOf } from '../../security/contacts.ts'
import type { Grant, Hold } from './hold.ts'

type Button = NonNullable<NoticeMore['buttons']>[number]

/** How long before the end somebody is warned: ten minutes, an hour for more than a day. */
export function warningBefore({ startedAt, endsAt }: Pick<Grant, 'startedAt' | 'endsAt'>) {
  return endsAt.getTime() - startedAt.getTime() > aDay ? anHour : 10 * aMinute
}

/** The Slack people who hear of a grant: who has it, who asked for it, who decided. Not to be called inside a transaction. */
export async function hearersOf(bot: Bot, { grantee }: Pick<Hold, 'grantee'>, { asker, decided }: Pick<Grant, 'asker' | 'decided'>) {
  const { kind, name } = granteeOf(grantee)
  const owner = kind === 'user' ? await slackPersonOf(bot, name).catch(() => undefined) : undefined
  return [...new Set([...(owner ? [owner] : []), asker, ...decided.map(({ person }) => person)])]
}

/** One card per person: what is given, until when. It is edited when that changes. */
export async function tellStart(bot: Bot, tx: Db, people: string[], hold: Hold, grant: Grant) {
  await tellAll(bot, tx, people, cardOf(grant), given(hold, grant), { quote: grant.reason, buttons: [endNow(grant)] })
}

/** Tells these people once that it ends soon, with *Extend* and *End now*. */
export async function tellWarning(bot: Bot, tx: Db, people: string[], hold: Hold, grant: Grant) {
  const extend: Button = { action: 'access:extend', label: { message: 'Extend', values: {} }, value: grant.id, style: 'primary' }
  // Break-glass is short, and nobody makes it longer.
  await tellAll(bot, tx, people, warningOf(grant), soon(hold, grant), { buttons: [...(grant.breakGlass ? [] : [extend]), endNow(grant)] })
}

/** How it ended, to everybody but `except`, who reads it elsewhere. The buttons of all earlier messages go. */
export async function tellEnd(
  bot: Bot,
  tx: Db,
  people: string[],
  hold: Hold,
  grant: Grant,
  outcome: Sentence,
  { except, ...more }: NoticeMore & { except?: string | undefined } = {},
) {
  await closeCards(bot, tx, people, hold, grant)
  const others = people.filter((person) => person !== except)
  await tellAll(bot, tx, others, `access ${grant.id} end`, outcome, more)
}

/** Replaces what the earlier messages of a grant offer, without a new message. */
export async function closeCards(bot: Bot, tx: Db, people: string[], hold: Hold, grant: Grant, instead?: Sentence) {
  await tellAll(bot, tx, people, cardOf(grant), instead ?? was(hold, grant), { quote: grant.reason })
  if (grant.warned) await tellAll(bot, tx, people, warningOf(grant), instead ?? was(hold, grant), {})
}

/** Nobody can tell who changed it meanwhile: whoever gave it decides. */
export async function tellAsked(bot: Bot, tx: Db, people: string[], hold: Hold, grant: Grant) {
  const keep: Button = { action: 'access:keep', label: { message: 'Keep', values: {} }, value: grant.id }
  const asked: Sentence = {
    message:
      'The temporary access of {grantee} to {object} is over, but Quay’s usage logs can’t be read, so it is unknown whether someone else granted *{role}* in the meantime. End or keep it?',
    values: valuesOf(hold, grant),
  }
  await tellAll(bot, tx, people, `access ${grant.id} asked`, asked, { buttons: [endNow(grant), keep] })
}

async function tellAll(bot: Bot, tx: Db, people: string[], key: string, sentence: Sentence, more: NoticeMore) {
  for (const person of people) await enqueueNotice(bot, tx, person, key, sentence, undefined, { moments: ['until'], ...more })
}

function cardOf({ id }: Grant) {
  return `access ${id}`
}

function warningOf({ id, endsAt }: Grant) {
  return `access ${id} warning ${endsAt.getTime()}`
}

function endNow({ id }: Grant): Button {
  return { action: 'access:end', label: { message: 'End now', values: {} }, value: id, style: 'danger' }
}

/** What the sentences about a temporary permission are filled with. `until` in milliseconds. */
export function valuesOf({ kind, object, grantee }: Pick<Hold, 'kind' | 'object' | 'grantee'>, grant: Grant) {
  const { role, endsAt, decided, request, breakGlass } = grant
  const how = breakGlass ? 'glass' : request === null ? 'typed' : 'asked'
  return { kind, object, grantee, role, until: endsAt.getTime(), how, deciders: decided.map(({ name }) => name) }
}

function given(hold: Hold, grant: Grant): Sentence {
  return {
    message:
      'Temporary until {until}: {kind, select, team {{grantee} is a member of the team {object}} other {{grantee} has *{role}* on {object}}}. {how, select, glass {Taken by break-glass} asked {Approved by {deciders}} other {Granted by {deciders}}}.',
    values: valuesOf(hold, grant),
  }
}

function soon(hold: Hold, grant: Grant): Sentence {
  return {
    message:
      '{kind, select, team {The membership of {grantee} in the team {object}} other {The *{role}* permission of {grantee} on {object}}} ends at {until}.',
    values: valuesOf(hold, grant),
  }
}

function was(hold: Hold, grant: Grant): Sentence {
  return {
    message:
      'The temporary {kind, select, team {membership of {grantee} in the team {object}} other {permission *{role}* of {grantee} on {object}}} is over. {how, select, glass {It was taken by break-glass} asked {It was approved by {deciders}} other {It was granted by {deciders}}}.',
    values: valuesOf(hold, grant),
  }
}
