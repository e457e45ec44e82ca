import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import type { Bot } from './bot.ts'
import type { Config } from './config.ts'
import { openDatabase, type Where } from './db/open.ts'
import { stopTimers } from './events/timers.ts'
import { answerHttp } from './http.ts'
import { startJobs } from './jobs.ts'
import type { Keys } from './keys.ts'
import { openMemory } from './memory.ts'
import { measureQuay, openMetrics } from './metrics.ts'
import { policyWarnings, warnOfUnknownIds } from './policy/checks.ts'
import type { Policy } from './policy/policy.ts'
import { learn, relearn } from './quay/facts.ts'
import { closeQuay, openQuay } from './quay/http.ts'
import { loadOperations } from './registry.ts'
import { dropLeases } from './requests/lease.ts'
import { connectSlack } from './slack/app.ts'
import { openSlack } from './slack/clients.ts'
import { finishWork, track } from './under-way.ts'
import { workers } from './workers.ts'

export interface Started {
  bot: Bot
  /** Answers HTTP: health, Slack's requests, and whatever else the bot is reached by. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  /** Takes no more work, finishes what runs, closes. */
  stop(): Promise<void>
}

interface Setting {
  config: Config
  policy: Policy
  database: Where
  keys: Keys
  log: Logger
  clock?: () => number
}

/** Opens everything the bot needs, in the order it is needed, and connects to Slack last. */
export async function startBot({ config, policy, database, keys, log, clock = Date.now }: Setting): Promise<Started> {
  await loadOperations()
  for (const warning of policyWarnings(policy)) log.warn(warning)
  const { db, boss, kind, close, healthy } = await openDatabase(database, log)
  // Nobody else is on an embedded database: whatever was being run or drawn, its process is dead.
  if (kind === 'pglite') await dropLeases({ db })
  const quay = openQuay({ url: config.QUAY_URL, token: config.QUAY_TOKEN, caFile: config.QUAY_CA_FILE, rate: config.QUAY_RATE })
  const metrics = openMetrics()
  measureQuay(metrics, quay)
  const slack = await openSlack({ token: config.SLACK_BOT_TOKEN, url: config.SLACK_API_URL, log, clock })
  const bot: Bot = { config, db, boss, quay, slack, policy, log, metrics, keys, clock, memory: openMemory(30, clock) }
  await learn(quay)
  const stopPeriods = await startJobs(bot, workers)
  const connection = await connectSlack(bot)
  void track(bot, warnOfUnknownIds(slack, policy, log))
  // What Quay did not tell at start it may tell later: a token can be mended while the bot runs.
  const again = setInterval(
    () => void relearn(quay).catch((err: unknown) => log.error({ err }, 'could not ask Quay about itself')),
    60_000,
  ).unref()
  return {
    bot,
    handle: answerHttp(bot, connection, healthy),
    stop: async () => {
      clearInterval(again)
      stopPeriods()
      await connection.stop()
      stopTimers(bot)
      await finishWork(bot)
      await close()
      await closeQuay(quay)
    },
  }
}
