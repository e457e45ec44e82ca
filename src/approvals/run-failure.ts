import { and, eq } from 'drizzle-orm'
import { commands } from '../command/registry.ts'
import { probeOf } from '../command/run-with-retry.ts'
import { type Bot, enqueue } from '../context.ts'
import { plain } from '../core/canonical-json.ts'
import { Failure } from '../core/failure.ts'
import type { Sentence } from '../core/i18n.ts'
import { newReference } from '../core/reference.ts'
import { troubleOf } from '../db/errors.ts'
import { type Found, requests } from '../db/schema.ts'
import { isCrash, withPriority } from '../quay/http.ts'
import { audit } from '../security/audit-log.ts'
import { identify } from '../security/identity.ts'
import { parseStoredCommand } from './approvers.ts'
import { isMine } from './lease.ts'
import { move, type Request, type RequestState, requesterOf, rowOf } from './request.ts'

const second = 1_000
const hour = 3_600 * second

/** Progress of the attempt: its mode, and whether a changing call was sent. */
interface Reached {
  mode: Request['mode']
  changed: boolean
}

/**
 * Handles an interrupted run. If Quay does not answer, it is retried until the request expires. If Quay refused it before
 * anything was sent, it has failed. Otherwise the outcome is unknown and needs a human (docs/SECURITY.md rule 12).
 */
export async function failRun(bot: Bot, request: Request, error: unknown, { mode, changed }: Reached) {
  const failure = sentenceOf(bot, request, error)
  const passing = error instanceof Failure && error.code === 'unavailable'
  // An internal error of Quay does not tell what was done before it.
  const refused = error instanceof Failure && !passing && !isCrash(error)
  const lost = mode === 'later' || (mode === 'first' && changed && !refused)
  if (passing && !(lost && isHopeless(request)) && bot.clock() < givesUpAt(request))
    return postpone(bot, request, waitingFor(error), lost && mode === 'first' ? 'later' : mode)
  // The main work is done and stays done; the steps wait for Retry.
  if (mode === 'steps') return settle(bot, request, 'succeeded', { note: failure })
  if (lost) return settle(bot, request, 'unknown', { failure, found: await probeQuay(bot, request) })
  await settle(bot, request, 'failed', { failure })
}

/** The reason that the card shows while it waits: Quay, or a problem that somebody must solve first. */
function waitingFor(error: Failure): Sentence {
  const quayIsAway = error.passes && !troubleOf(error)
  return quayIsAway ? { message: 'Quay does not respond. Quaymaster retries until it does.', values: {} } : error.sentence
}

/** Retrying would neither do the work nor find out whether it was done. */
function isHopeless({ operation }: Request) {
  const found = commands.get(operation)
  return found?.changes?.retry === 'never' && probeOf(found) === undefined
}

function sentenceOf(bot: Bot, request: Request, error: unknown): Sentence {
  if (error instanceof Failure) return error.sentence
  const reference = newReference()
  bot.log.error({ err: error, request: request.id, reference }, 'unexpected error')
  return { message: 'Something went wrong. Contact your operator with reference {reference}.', values: { reference } }
}

function givesUpAt({ expiresAt, decidedAt, createdAt }: Request) {
  return Math.max(expiresAt.getTime(), (decidedAt ?? createdAt).getTime() + hour)
}

/** Retries with growing intervals; the sweep starts them. */
async function postpone(bot: Bot, request: Request, note: Sentence, mode: Request['mode']) {
  const now = bot.clock()
  const waited = now - (request.decidedAt ?? request.createdAt).getTime()
  const retryAt = new Date(now + Math.min(300 * second, Math.max(5 * second, waited / 2)))
  bot.log.warn({ request: request.id, why: note.message, retryAt }, 'a run was postponed')
  const state = request.state === 'approved' ? 'approved' : 'running'
  await bot.db.transaction(async (tx) => {
    const change = { mode, retryAt, leaseUntil: null, note }
    if (state === 'running') await move(bot, tx, request, 'running', { change, only: isMine(request) })
    else {
      await tx
        .update(requests)
        .set({ ...change, version: request.version + 1 })
        .where(and(eq(requests.id, request.id), eq(requests.version, request.version)))
      await enqueue(bot, tx, 'show-request', { id: request.id })
    }
  })
}

async function settle(bot: Bot, request: Request, state: RequestState, outcome: Partial<Request>) {
  await bot.db.transaction(async (tx) => {
    const row = await move(bot, tx, request, state, {
      change: { note: null, ...outcome, leaseUntil: null, retryAt: null },
      only: isMine(request),
    })
    if (!row) return
    await audit(bot, tx, {
      ...rowOf(request),
      person: requesterOf(request),
      phase: 'failed',
      outcome: outcome.failure ?? outcome.note ?? undefined,
    })
    if (state !== 'succeeded') await enqueue(bot, tx, 'note-request', { id: request.id, note: state === 'unknown' ? 'unknown' : 'failed' })
  })
}

/** Reads from Quay what the attempt may have left, for the person who must resolve the request. */
async function probeQuay(bot: Bot, request: Request): Promise<Found> {
  try {
    const { command, input } = parseStoredCommand(bot, request)
    const find = probeOf(command)
    if (!find) return { kind: 'unreadable' }
    const person = await identify(bot, request.requester)
    const quay = withPriority(bot.quay, { class: 'job', person: person.id })
    const left = await find({ bot, input, person, quay, log: bot.log })
    if (left) return { kind: 'found', result: plain(left.result) }
    // A command that is never retried leaves too little behind to conclude that nothing happened.
    return { kind: command.changes?.retry === 'never' ? 'unreadable' : 'nothing' }
  } catch (error) {
    bot.log.info({ err: error, request: request.id }, 'could not check in Quay what an interrupted run has done')
    return { kind: 'unreadable' }
  }
}
