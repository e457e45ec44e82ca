import { setTimeout as sleep } from 'node:timers/promises'
import type { Bot } from '../context.ts'

/** What is being done right now: a graceful stop waits until there is nothing. By database, because copies of a Bot share it. */
const underWay = new WeakMap<Bot['db'], Set<Promise<unknown>>>()

/** Counts work as under way until it ends, however it ends. Its failures are its own business. */
export function track<Done>({ db }: Pick<Bot, 'db'>, work: Promise<Done>): Promise<Done> {
  const all = underWay.get(db) ?? new Set()
  underWay.set(db, all.add(work))
  const forget = () => all.delete(work)
  work.then(forget, forget)
  return work
}

/** Waits for everything that is under way, and for what follows from it, up to a limit. Returns how much it did not wait for. */
export async function finishWork({ db }: Pick<Bot, 'db'>, milliseconds: number): Promise<number> {
  const all = underWay.get(db) ?? new Set()
  const late = sleep(milliseconds, undefined, { ref: false })
  const finished = async () => {
    while (all.size > 0) await Promise.allSettled(all)
  }
  await Promise.race([finished(), late])
  return all.size
}
