import type { Bot } from '../context.ts'
import { track } from './drain.ts'

interface Timers {
  stopped: boolean
  due: Map<string, NodeJS.Timeout>
}

const all = new WeakMap<Bot['db'], Timers>()

function timersOf({ db }: Pick<Bot, 'db'>): Timers {
  const known = all.get(db) ?? { stopped: false, due: new Map() }
  all.set(db, known)
  return known
}

/** Does something of this process's in a while, once under its name: an earlier time wins. Rows say what is due; this only looks. */
export function wakeIn(bot: Bot, name: string, milliseconds: number, work: () => Promise<unknown>): void {
  const { due, stopped } = timersOf(bot)
  if (stopped) return
  clearTimeout(due.get(name))
  const run = () => {
    due.delete(name)
    void track(bot, work()).catch((err: unknown) => bot.log.warn({ err, name }, 'could not look for what is due'))
  }
  due.set(name, setTimeout(run, Math.max(milliseconds, 0)).unref())
}

export function isStopped(bot: Pick<Bot, 'db'>) {
  return timersOf(bot).stopped
}

/** The bot stops: nothing new begins, what is under way ends (under-way.ts). */
export function stopTimers(bot: Pick<Bot, 'db'>): void {
  const timers = timersOf(bot)
  timers.stopped = true
  for (const timer of timers.due.values()) clearTimeout(timer)
}
