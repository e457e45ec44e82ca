import { refuseOwn } from '../command/protected.ts'
import { type AnyRun, laterAttempt, watched } from '../command/run-with-retry.ts'
import { firstUndone, runSteps } from '../command/steps.ts'
import { askingAnew, type Bot } from '../context.ts'
import { Failure } from '../core/failure.ts'
import { untilWritten } from '../db/until-written.ts'
import { purposed } from '../quay/http.ts'
import type { Person } from '../security/identity.ts'
import { isOffered } from '../surfaces/help.ts'
import { neededBy, recount, requesterNow, rulesOf, wantedBy } from './approvers.ts'
import { isEnough } from './candidates.ts'
import { readFacts } from './create.ts'
import { beginAttempt, fenced, findRunnable, LeaseLost } from './lease.ts'
import { type Request, revisionOf, votesOn } from './request.ts'
import type { Wanted } from './rules.ts'
import { failRun } from './run-failure.ts'
import { keepResult, reopen, succeed } from './run-outcome.ts'

// What Quay has done is known here alone until it is written; another replica takes the run over after the lease and as much again.
const untilOthersLook = 30_000

/** What a run stands on, all asked anew. */
interface Ready {
  wanted: Wanted
  person: Person
  /** The accounts of those approvers whose own right it runs on. */
  authority: string[]
}

/**
 * The `run-request` job. Rows are the truth: it may come twice, late, or to another replica. Whatever is not free, not due or
 * not approved is left alone.
 */
export async function runRequest(bot: Bot, { id }: { id: string }) {
  const request = await findRunnable(bot, id)
  if (!request) return
  let ready: Ready | undefined
  try {
    ready = await prepare(askingAnew(bot), request)
  } catch (error) {
    return await failRun(bot, request, error, { mode: request.mode, changed: false })
  }
  if (!ready) return
  const begun = await beginAttempt(bot, request, ready.authority.join(', '))
  if (begun) await run(bot, begun, request.mode, ready)
}

/** Undefined: it is no longer what was approved, or not by enough, and waits for decisions again. */
async function prepare(bot: Bot, request: Request): Promise<Ready | undefined> {
  const wanted = wantedBy(bot, request)
  refuseOwn(bot, wanted.operation, wanted.input)
  if (!isOffered(bot, wanted.operation))
    throw new Failure('conflict', 'This registry does not offer {command}.', { command: `/quay ${wanted.name}` })
  const given = (await votesOn(bot.db, request.id)).filter(({ decision }) => decision === 'approved')
  const [person, { counted, gone }] = await Promise.all([requesterNow(bot, request, wanted), recount(bot, request, wanted, given)])
  const needed = neededBy(rulesOf(bot, request, wanted))
  const first = request.mode === 'first'
  if (!isEnough(counted, needed)) {
    if (!first) throw new Failure('denied', 'Those who approved this no longer hold the right that it needs.')
    const names = gone.map(({ name }) => name).join(', ')
    await reopen(bot, request, {
      note: {
        message: 'More approvals are needed than there are{gone, select, no {} other { (no longer counted: {names})}}.',
        values: { gone: names ? 'yes' : 'no', names },
      },
      gone: gone.map(({ account }) => account),
    })
    return undefined
  }
  if (first && (await hasChanged(bot, request, wanted, person))) return undefined
  return { wanted, person, authority: counted.flatMap(({ person, entitled }) => (entitled ? [person.account] : [])) }
}

/** The facts that were drawn are read again: another digest, size or role sends the request back (security.md rule 11). */
async function hasChanged(bot: Bot, request: Request, wanted: Wanted, person: Person) {
  if (!wanted.operation.preview) return false
  const facts = await readFacts(wanted.operation, runFor(bot, bot.quay, wanted, person), true)
  const revision = revisionOf({ ...request, facts })
  if (revision === request.revision) return false
  const note = { message: 'What this is about has changed since it was approved. Look again.', values: {} }
  await reopen(bot, request, { note, facts, revision })
  return true
}

function runFor(bot: Bot, quay: AnyRun['quay'], { input }: Wanted, person: Person): AnyRun {
  return { bot, input, person, log: bot.log, quay: purposed(quay, { class: 'job', person: person.id }) }
}

async function run(bot: Bot, request: Request, mode: Request['mode'], { wanted, person, authority }: Ready) {
  const { quay, hasChanged } = watched(fenced(bot, bot.quay, request))
  const running = runFor({ ...bot, log: bot.log.child({ request: request.id, attempt: request.attempt }) }, quay, wanted, person)
  try {
    await work(bot, request, mode, wanted, running, authority)
  } catch (error) {
    if (error instanceof LeaseLost) return bot.log.warn({ request: request.id }, 'another replica has taken this run over')
    await failRun(bot, request, error, { mode, changed: hasChanged() })
  }
}

async function work(bot: Bot, request: Request, mode: Request['mode'], wanted: Wanted, running: AnyRun, authority: string[]) {
  const { operation, input } = wanted
  const result = mode === 'steps' ? request.result : await (mode === 'first' ? operation.run(running) : laterAttempt(operation, running))
  const steps = operation.after?.(input, running.person, result) ?? []
  // What follows is harmless to repeat, what was done is not: it is kept first.
  const kept =
    mode === 'steps' ? request : await untilWritten(() => keepResult(bot, request, wanted, running, result, steps), untilOthersLook)
  const from = mode === 'steps' ? firstUndone(request.steps ?? []) : 0
  const states = await runSteps(steps, running, from)
  await untilWritten(() => succeed(bot, kept, { running, result, states, authority }), untilOthersLook)
}
