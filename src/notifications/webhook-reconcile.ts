import { and, eq, inArray, ne, sql } from 'drizzle-orm'
import { type Bot, enqueue, inBackground } from '../context.ts'
import { aMinute } from '../core/durations.ts'
import { attemptEach } from '../core/each-row.ts'
import { Failure, logged } from '../core/failure.ts'
import { isStopped, wakeIn } from '../core/timers.ts'
import type { Subscription } from '../db/event-tables.ts'
import { alone } from '../db/lease.ts'
import { follows, hooks, subscriptions } from '../db/schema.ts'
import type { Quay } from '../quay/registry.ts'
import { type ListedRepository, listAllRepositories } from '../quay/repositories.ts'
import { watchRepositories } from './builds/poll.ts'
import { withoutGone } from './end-target.ts'
import { eventsOf } from './event-kinds.ts'
import {
  addOnce,
  beginPass,
  findDue,
  finishPass,
  forgetPass,
  namespaceOfObject,
  namespaceOfTarget,
  type Pass,
  postponePass,
} from './namespace-pass.ts'
import { type Plan, readPlan } from './pass-plan.ts'
import { findDoubtful } from './webhook-doubts.ts'
import { addressable, needsList, objectsOf, type Wanted } from './webhook-needs.ts'
import { ensureWebhooksOf, removeWebhooks, type Webhook } from './webhook-registration.ts'
import { repairObject } from './webhook-repair.ts'
import { findSigns, type Signs } from './webhook-signs.ts'

// Less than the queue allows a job (db/queues.ts). What is left is done by the next run.
const runFor = 20 * aMinute
// Another process works on the passes; it may be about to end.
const lookAgain = 5_000

/**
 * The `reconcile` job passes over every namespace that is due, one after the other, on one replica at a time. A pass registers
 * webhooks for exactly what is subscribed to, also after repositories were created or deleted, and repairs those that Quay has
 * disabled or lost. After a crash the next run goes on with the same namespace.
 */
export async function reconcile(all: Bot): Promise<void> {
  const bot = inBackground(all, 'webhooks')
  const done = await alone(bot, 'passes', async (signal) => {
    const until = performance.now() + runFor
    const mayGoOn = () => performance.now() < until && !signal.aborted && !isStopped(bot)
    await addOnce(bot)
    while (mayGoOn()) {
      const due = await findDue(bot)
      if (!due || !(await passOver(bot, due, mayGoOn))) return true
    }
    if (!isStopped(bot)) await enqueue(bot, bot.db, 'reconcile', {})
    return true
  })
  if (!done) wakeIn(all, 'reconcile', lookAgain, () => reconcile(all))
}

/** One namespace. Returns false if Quay does not answer, so that the other namespaces wait too. */
async function passOver(bot: Bot, { namespace }: Pass, mayGoOn: () => boolean): Promise<boolean> {
  const pass = await beginPass(bot, namespace)
  if (!pass) return true
  try {
    await look(bot, pass, mayGoOn)
    return true
  } catch (error) {
    await postponePass(bot, namespace)
    if (!(error instanceof Failure)) throw error
    bot.log.warn({ namespace, ...logged(error) }, 'could not pass over a namespace now; it goes on later')
    return error.code !== 'unavailable'
  }
}

async function look(bot: Bot, pass: Pass, mayGoOn: () => boolean) {
  const { namespace } = pass
  const [subscribed, own] = await Promise.all([subscriptionsIn(bot, namespace), webhooksIn(bot, namespace)])
  const plan = await readPlan(bot)
  const isWhole = isListed(subscribed, pass)
  const signs = isWhole && bot.config.PUBLIC_URL !== undefined ? await findSigns(bot, pass, own) : undefined
  if (isWhole && signs && !isListDue(bot, pass, plan, signs)) return lookBySigns(bot, pass, { plan, signs, mayGoOn })
  const listedAt = new Date(bot.clock())
  const list = isWhole ? await listAllRepositories(bot.quay, namespace) : undefined
  const active = await withoutGone(bot, subscribed, list)
  const { wanted, complete } = needsOf(bot, active, list)
  const isLeft = bot.config.PUBLIC_URL === undefined ? await watchBuilds(bot, wanted) : await ensureAll(bot, wanted, own, mayGoOn)
  // Nothing is removed until all needs are known.
  const isStuck = complete && (await removeUnwanted(bot, namespace, wanted, own))
  const isBroken = await repairAll(bot, await findDoubtful(bot, { namespace, list, plan, signs }), mayGoOn)
  if (!mayGoOn()) return
  if (isLeft || isStuck || isBroken) return postponePass(bot, namespace)
  if (active.length === 0 && (await webhooksIn(bot, namespace)).length === 0) return forgetPass(bot, pass)
  const objects = bot.config.PUBLIC_URL === undefined ? 0 : wanted.size
  // What is listed costs its pages; anything else is asked for one by one.
  const calls = list ? Math.max(1, Math.ceil(list.length / 100)) : objects
  await finishPass(
    bot,
    pass,
    {
      calls,
      repositories: list?.length ?? pass.repositories,
      objects,
      subscriptions: active.length,
      listedAt: list ? listedAt : null,
      counted: signs?.counted ?? null,
    },
    plan.namespaces,
  )
}

/** Whether the list could show something that the log does not, or has not been read for as long as it may be. */
function isListDue({ clock }: Bot, { changes, listedAt }: Pass, plan: Plan, { isReshaped }: Signs) {
  if (changes > 0 || isReshaped || listedAt === null) return true
  return plan.lists <= plan.namespaces || listedAt.getTime() <= clock() - plan.lists
}

interface BySigns {
  plan: Plan
  signs: Signs
  mayGoOn: () => boolean
}

/** The repositories are those of the last list: only what the log says to be in doubt is looked at. */
async function lookBySigns(bot: Bot, pass: Pass, { plan, signs, mayGoOn }: BySigns) {
  const { namespace, calls, repositories, objects, subscriptions: living, listedAt } = pass
  const isBroken = await repairAll(bot, await findDoubtful(bot, { namespace, list: undefined, plan, signs }), mayGoOn)
  if (!mayGoOn()) return
  if (isBroken) return postponePass(bot, namespace)
  const seen = { calls, repositories, objects, subscriptions: living, listedAt, counted: signs.counted }
  await finishPass(bot, pass, seen, plan.namespaces)
}

/** Returns whether something could not be repaired that can be later. */
function repairAll(bot: Bot, doubtful: Map<string, Webhook[]>, mayGoOn: () => boolean): Promise<boolean> {
  return attemptEach(
    bot.log,
    doubtful,
    ([object]) => ({ object }),
    async ([object, webhooks]) => mayGoOn() && repairObject(bot, object, webhooks),
  )
}

function subscriptionsIn({ db }: Bot, namespace: string): Promise<Subscription[]> {
  return db
    .select()
    .from(subscriptions)
    .where(and(eq(namespaceOfTarget, namespace), ne(subscriptions.state, 'ended')))
}

function webhooksIn({ db }: Bot, namespace: string): Promise<Webhook[]> {
  return db.select().from(hooks).where(eq(namespaceOfObject, namespace))
}

/** The list of a namespace shows in one call what has changed in a hundred repositories, so it is read as soon as that is cheaper. */
function isListed(active: Subscription[], { repositories }: Pass) {
  const targets = new Set(active.map(({ target }) => target))
  return active.some((one) => isReadable(one) && needsList(one)) || targets.size > Math.max(1, Math.ceil(repositories / 100))
}

const isReadable = ({ groups }: Subscription) => Array.isArray(groups)

/** `complete`: a subscription that cannot be read may need more. */
function needsOf(bot: Bot, active: Subscription[], list: ListedRepository[] | undefined) {
  const all = addressable((list ?? []).map(({ name }) => name))
  const wanted: Wanted = new Map()
  for (const one of active.filter(isReadable))
    for (const [object, events] of objectsOf(bot.quay, one, all))
      wanted.set(object, (wanted.get(object) ?? new Set()).union(new Set(events)))
  const unreadable = active.filter((one) => !isReadable(one))
  for (const { id } of unreadable) bot.log.error({ subscription: id }, 'a subscription cannot be read')
  return { wanted, complete: unreadable.length === 0 }
}

/** Registers the webhooks of one subscription now, while its owner waits. Throws what Quay's client throws. */
export async function ensureWebhooks(bot: Bot, quay: Quay, repository: string, groups: readonly string[]): Promise<void> {
  const wanted = new Map([[repository, new Set(eventsOf(groups))]])
  if (bot.config.PUBLIC_URL === undefined) return void (await watchBuilds(bot, wanted))
  const own = await bot.db.select().from(hooks).where(eq(hooks.object, repository))
  await ensureWebhooksOf(bot, quay, repository, wanted.get(repository) ?? new Set(), own)
}

async function watchBuilds(bot: Bot, wanted: Wanted): Promise<false> {
  const built = [...wanted].filter(([, events]) => [...events].some((event) => event.startsWith('build_')))
  await bot.db.transaction((tx) =>
    watchRepositories(
      bot,
      tx,
      built.map(([repository]) => repository),
    ),
  )
  return false
}

/** Makes what is missing. Returns whether something could not be made that can be later. */
async function ensureAll(bot: Bot, wanted: Wanted, own: Webhook[], mayGoOn: () => boolean): Promise<boolean> {
  const there = Map.groupBy(own, ({ object }) => object)
  const has = (object: string, event: string) => there.get(object)?.some((one) => one.event === event && one.notification !== null)
  const missing = [...wanted].flatMap(([object, events]) =>
    [...events].filter((event) => !has(object, event)).map((event) => ({ object, event })),
  )
  // An event that Quay does not accept must not prevent the others.
  return attemptEach(
    bot.log,
    missing,
    (about) => about,
    async ({ object, event }) => mayGoOn() && ensureWebhooksOf(bot, bot.quay, object, new Set([event]), there.get(object) ?? []),
  )
}

/** Returns whether something could not be removed that can be later. */
async function removeUnwanted(bot: Bot, namespace: string, wanted: Wanted, own: Webhook[]): Promise<boolean> {
  const unwanted = own.filter(({ object, event }) => !wanted.get(object)?.has(event))
  const isLeft = await attemptEach(
    bot.log,
    Map.groupBy(unwanted, ({ object }) => object),
    ([object]) => ({ object }),
    ([object, webhooks]) => removeWebhooks(bot, bot.quay, object, webhooks),
  )
  const isWatched = and(eq(sql`split_part(${follows.repository}, '/', 1)`, namespace), sql`${follows.watchedSince} is not null`)
  const watched = await bot.db.select({ repository: follows.repository }).from(follows).where(isWatched)
  const ended = watched.map(({ repository }) => repository).filter((repository) => !wanted.has(repository))
  if (ended.length > 0) await bot.db.update(follows).set({ watchedSince: null }).where(inArray(follows.repository, ended))
  return isLeft
}
