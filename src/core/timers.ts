import type { Logger } from 'pino'
import { type InFlight, track } from './drain.ts'

/** What a process means to do in a while, by name. */
export interface Timers {
  stopped: boolean
  due: Map<string, NodeJS.Timeout>
}

interface Keeps {
  runtime: { inFlight: InFlight; timers: Timers }
}

/** Does something of this process's in a while, once under its name: an earlier time wins. Rows say what is due; this only looks. */
export function wakeIn(bot: Keeps & { log: Logger }, name: string, milliseconds: number, work: () => Promise<unknown>): void {
  const { due, stopped } = bot.runtime.timers
  if (stopped) return
  clearTimeout(due.get(name))
  const run = () => {
    due.delete(name)
    void track(bot, work()).catch((err: unknown) => bot.log.warn({ err, name }, 'scheduled work failed'))
  }
  due.set(name, setTimeout(run, Math.max(milliseconds, 0)).unref())
}

export function isStopped({ runtime }: Keeps) {
  return runtime.timers.stopped
}

/** The process stops: nothing new begins, what is in flight ends (drain.ts). */
export function stopTimers({ runtime: { timers } }: Keeps): void {
  timers.stopped = true
  for (const timer of timers.due.values()) clearTimeout(timer)
}
