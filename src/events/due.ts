import type { Bot } from '../bot.ts'
import type { Job } from '../jobs.ts'

const timed: Job[] = ['deliver', 'follow-builds', 'heal-subscriptions', 'reconcile', 'digest']

/** Looks at once for whatever rows are due: for a clock that was moved by hand. */
export async function lookForDue({ boss, log }: Pick<Bot, 'boss' | 'log'>): Promise<void> {
  await Promise.all(timed.map((job) => boss.send(job, {}))).catch((err: unknown) => log.warn({ err }, 'could not look for what is due'))
}
