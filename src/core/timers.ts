import type { Logger } from 'pino'
import { type InFlight, track } from './drain.ts'

/** The timers of a process, by name. */
export interface Timers {
  stopped: boolean
  due: Map<string, NodeJS.Timeout>
}

interface Keeps {
  runtime: { inFlight: InFlight; timers: Timers }
}

/** Runs work later in this process, at most once per name: the earlier time wins. Rows decide what is due; the timer only polls them. */
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

/** Whether the bot is being stopped, so that nothing new begins. */
export function isStopped({ runtime }: Keeps) {
  return runtime.timers.stopped
}

/** Cancels all timers when the process stops. Work in flight is left to drain.ts. */
export function stopTimers({ runtime: { timers } }: Keeps): void {
  timers.stopped = true
  for (const timer of timers.due.values()) clearTimeout(timer)
}
