import { type Bot, inBackground } from '../../context.ts'
import { aMinute } from '../../core/durations.ts'
import { Failure, logged } from '../../core/failure.ts'
import { newReference } from '../../core/reference.ts'
import { isStopped } from '../../core/timers.ts'
import { withPriority } from '../../quay/http.ts'
import { beginLists, changeHeld, claimDue, finishPass, type List, postpone, release } from './lists.ts'
import { type ReadPage, readPage } from './read-page.ts'

// Less than the queue allows a job; the next run goes on at the same page.
const runFor = 4 * aMinute

/**
 * The `directory` job reads accounts, organizations and what is in them, page by page, and writes each page down at once. A pass
 * that is cut short goes on at its page, on whatever replica; no list is read by two. What the registry no longer has is deleted
 * at the end of a whole pass.
 */
export async function refreshDirectory(all: Bot): Promise<void> {
  const bot = asDirectory(all)
  // While nobody waits for it, it keeps to the share of all background work.
  const quiet = inBackground(all, 'directory')
  await beginLists(bot)
  const holder = newReference()
  const until = performance.now() + runFor
  const mayGoOn = () => performance.now() < until && !isStopped(bot)
  while (mayGoOn()) {
    const list = await claimDue(bot, holder)
    if (!list || !(await readList(isAwaited(list) ? bot : quiet, list, mayGoOn))) return
  }
}

/**
 * While the process stops, nothing reads in its background any more: a command that is under way, and waits for the accounts,
 * reads on itself. Returns at once if another process reads them.
 */
export async function readAccountsOn(bot: Bot): Promise<void> {
  // The job may not even have begun.
  await beginLists(bot)
  const until = performance.now() + runFor
  const list = await claimDue(bot, newReference(), 'users')
  if (list) await readList(bot, list, () => performance.now() < until)
}

function asDirectory(bot: Bot): Bot {
  return { ...bot, quay: withPriority(bot.quay, { class: 'background', work: 'directory' }) }
}

/** Reads a list to its end. False: Quay does not answer, so the other lists wait too. */
async function readList(bot: Bot, claimed: List, mayGoOn: () => boolean): Promise<boolean> {
  let list: List | undefined = claimed
  // A call in the background may wait for its turn for longer than the lease.
  const beat = setInterval(() => void changeHeld(bot.db, claimed, {}).catch(() => undefined), aMinute / 2).unref()
  try {
    while (list && mayGoOn()) {
      const page = await readPage(bot, list)
      if (isFirstAgain(list, page)) {
        await postpone(bot, list, new Failure('unavailable', 'Quay could not list everything. Try again.'), true)
        return true
      }
      list = await storePage(bot, list, page)
      if (list?.startedAt === null) return true
    }
    if (list) await release(bot, list)
    return true
  } catch (error) {
    if (!(error instanceof Failure)) {
      await release(bot, claimed).catch(() => undefined)
      throw error
    }
    // Its calls are dropped when the process stops.
    if (error.passes && isStopped(bot)) {
      await release(bot, claimed)
      return false
    }
    bot.log.warn({ list: claimed.list, ...logged(error) }, 'could not read a list of the registry now; it goes on later')
    await postpone(bot, claimed, error, !error.passes)
    return !error.passes
  } finally {
    clearInterval(beat)
  }
}

/** The first pass is awaited by every newcomer. */
function isAwaited({ urgent, finishedAt, list }: List) {
  return urgent || (finishedAt === null && !list.endsWith('/*'))
}

/** Quay answers the first page to a token that it no longer takes, and says nothing. */
function isFirstAgain({ pages, first }: List, page: ReadPage) {
  return pages > 0 && page.first !== undefined && page.first === first
}

/** One transaction: the page, and where the pass stands. Undefined: another process has taken over. */
function storePage(bot: Bot, list: List, page: ReadPage): Promise<List | undefined> {
  return bot.db.transaction(async (tx) => {
    const change = { next: page.next ?? null, pages: list.pages + 1, first: list.first ?? page.first ?? null, problem: null }
    const held = await changeHeld(tx, list, change)
    if (!held) return undefined
    await page.store(tx)
    if (page.next !== undefined) return held
    await page.sweep(tx)
    await finishPass(bot, tx, held)
    return { ...held, startedAt: null }
  })
}
