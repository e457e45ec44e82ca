import type { Begun } from '../command/command.ts'
import { isOffered } from '../command/offered.ts'
import { assertNotProtected } from '../command/protected.ts'
import { stepCheck } from '../command/resume.ts'
import { type AnyRun, laterAttempt, watched } from '../command/run-with-retry.ts'
import { firstUndone, runSteps } from '../command/steps.ts'
import { type Bot, withoutCache } from '../context.ts'
import { Failure } from '../core/failure.ts'
import { slash } from '../core/slash-command.ts'
import { type Tally, tallied } from '../core/tally.ts'
import { untilWritten } from '../db/until-written.ts'
import { remembering, withPriority } from '../quay/http.ts'
import type { Person } from '../security/identity.ts'
import { allowDelegation, type Eligibility, neededBy, parseStoredCommand, requesterNow, revalidateVotes, rulesOf } from './approvers.ts'
import { pairsAmong } from './delegation/delegations.ts'
import { isEnough } from './enough.ts'
import { changeOf, readFacts } from './facts.ts'
import { beginAttempt, fenced, findRunnable, LeaseLost } from './lease.ts'
import { type Request, votesOn } from './request.ts'
import type { Invocation } from './rules.ts'
import { failRun } from './run-failure.ts'
import { keepResult, reopen, succeed } from './run-outcome.ts'
import { assertLasts } from './temporary.ts'

type Decider = Eligibility['person']
// Until it is written, only this process knows what Quay has done. Another replica takes over a fixed time after the lease expires.
const untilOthersLook = 30_000

/** Preconditions of a run, read without cache. */
interface Ready {
  wanted: Invocation
  person: Person
  /** The approvers whose own permission authorizes the run. */
  deciders: Decider[]
}

/**
 * The `run-request` job. The row decides, not the job, which may run twice, late, or on another replica. Requests that are leased,
 * not due or not approved are skipped.
 */
export async function runRequest(all: Bot, { id }: { id: string }) {
  const bot = { ...all, quay: remembering(withPriority(all.quay, { class: 'job', work: 'run' })) }
  const request = await findRunnable(bot, id)
  if (!request) return
  let ready: Ready | undefined
  try {
    ready = await prepare(withoutCache(bot), request)
  } catch (error) {
    return await failRun(bot, request, error, { mode: request.mode, changed: false })
  }
  if (!ready) return
  const begun = await beginAttempt(bot, request, ready.deciders.map(({ account }) => account).join(', '))
  if (!begun) return
  const tally: Tally = { quayCalls: 0 }
  const since = bot.clock()
  const outcome = await tallied(tally, () => run(bot, begun, request.mode, ready))
  const { reference, requester: user, operation: about } = request
  const seconds = Math.max(0, bot.clock() - since) / 1_000
  bot.log.info({ reference, user, about, request: id, outcome, seconds, ...tally }, 'approved command ended')
}

/** Undefined: the request no longer matches its approvals, or lacks some, and is pending again. */
async function prepare(bot: Bot, request: Request): Promise<Ready | undefined> {
  const invocation = parseStoredCommand(bot, request)
  assertNotProtected(bot, invocation.command, invocation.input)
  if (!isOffered(bot, invocation.command))
    throw new Failure('conflict', 'This registry does not offer {command}.', { command: slash(invocation.name) })
  const given = (await votesOn(bot.db, request.id)).filter(({ decision }) => decision === 'approved')
  const [person, { counted, gone }] = await Promise.all([
    requesterNow(bot, request, invocation),
    revalidateVotes(bot, request, invocation, given),
  ])
  const rules = rulesOf(bot, request, invocation)
  const needed = neededBy(rules)
  const accounts = counted.map(({ person }) => person.account)
  const pairs = allowDelegation(rules) ? await pairsAmong(bot, bot.db, accounts) : []
  // The policy may be stricter by now than when it was asked for.
  await assertLasts(bot, person, invocation)
  const first = request.mode === 'first'
  if (!isEnough(counted, needed, pairs)) {
    if (!first) throw new Failure('denied', 'The approvers no longer have the permission that this needs.')
    const names = gone.map(({ name }) => name)
    await reopen(bot, request, {
      note: {
        message: 'Not enough approvals{gone, select, no {} other { (no longer counted: {names})}}.',
        values: { gone: names.length > 0 ? 'yes' : 'no', names },
      },
      gone: gone.map(({ account }) => account),
    })
    return undefined
  }
  if (first && (await hasChanged(bot, request, invocation, person))) return undefined
  return { wanted: invocation, person, deciders: counted.flatMap(({ person, entitled }) => (entitled ? [person] : [])) }
}

/** Reads the rendered facts again: a different digest, size or role sends the request back (docs/SECURITY.md rules 11 and 30). */
async function hasChanged(bot: Bot, request: Request, invocation: Invocation, person: Person) {
  const facts = await readFacts(invocation.command, runFor(bot, bot.quay, invocation, person), true)
  const change = changeOf(request, facts)
  if (change) await reopen(bot, request, change)
  return change !== undefined
}

function runFor(bot: Bot, quay: AnyRun['quay'], { input }: Invocation, person: Person): AnyRun {
  return { bot, input, person, log: bot.log, quay: withPriority(quay, { class: 'job', person: person.id, work: 'run' }) }
}

/** Returns how it ended, for the log. */
async function run(bot: Bot, request: Request, mode: Request['mode'], { wanted: invocation, person, deciders }: Ready) {
  const { quay, hasChanged } = watched(fenced(bot, bot.quay, request))
  const own = { ...bot, log: bot.log.child({ request: request.id, attempt: request.attempt }) }
  const running = { ...runFor(own, quay, invocation, person), reference: request.reference }
  try {
    await work(bot, request, mode, invocation, running, deciders)
    return 'done'
  } catch (error) {
    if (error instanceof LeaseLost) {
      bot.log.warn({ request: request.id }, 'another replica has taken over this run')
      return 'taken over'
    }
    await failRun(bot, request, error, { mode, changed: hasChanged() })
    return error instanceof Failure ? error.code : 'bug'
  }
}

/** The time of the last attempt at its steps. Older changes were checked then. */
function begunBy({ id, reference, endedAt, decidedAt, createdAt }: Request): Begun {
  return { at: (endedAt ?? decidedAt ?? createdAt).getTime(), references: [reference], request: id }
}

async function work(bot: Bot, request: Request, mode: Request['mode'], invocation: Invocation, running: AnyRun, deciders: Decider[]) {
  const { command, input } = invocation
  const result = mode === 'steps' ? request.result : await (mode === 'first' ? command.run(running) : laterAttempt(command, running))
  if (mode === 'steps') await command.after?.checkObject(running, result, begunBy(request))
  const steps = command.after?.steps(input, running.person, result) ?? []
  // The result of the main work is stored first: the steps can be repeated, the main work cannot.
  const kept =
    mode === 'steps' ? request : await untilWritten(() => keepResult(bot, request, invocation, running, result, steps), untilOthersLook)
  const from = mode === 'steps' ? firstUndone(request.steps ?? []) : 0
  const check = mode === 'steps' ? stepCheck(running.bot, command, [running.person, ...deciders]) : undefined
  const states = await runSteps(steps, running, from, check)
  const authority = deciders.map(({ account }) => account)
  await untilWritten(() => succeed(bot, kept, { running, result, states, authority }), untilOthersLook)
}
