import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import { z } from 'zod'
import { dropLeases } from '../approvals/lease.ts'
import { policyWarnings, warnOfUnknownIds, warnOfUnknownNames } from '../approvals/policy-checks.ts'
import { loadCommands } from '../command/registry.ts'
import { type Bot, newRuntime } from '../context.ts'
import type { Config } from '../core/config.ts'
import { connectionProblem } from '../core/connection-problem.ts'
import { drain, track } from '../core/drain.ts'
import { aMinute } from '../core/durations.ts'
import { Failure } from '../core/failure.ts'
import { translator } from '../core/i18n.ts'
import type { Keys } from '../core/keys.ts'
import { openMetrics } from '../core/metrics.ts'
import { openNetwork } from '../core/network.ts'
import type { Policy, Where as PolicyWhere } from '../core/policy.ts'
import { setSlashCommand } from '../core/slash-command.ts'
import { stopTimers } from '../core/timers.ts'
import { openCache } from '../core/ttl-cache.ts'
import type { Database, Where } from '../db/database.ts'
import { openDatabase } from '../db/open.ts'
import { leases } from '../db/pass-tables.ts'
import { makeQueues } from '../db/queues.ts'
import { passOnChange } from '../notifications/pass-on-change.ts'
import { discover, refreshCapabilities } from '../quay/facts.ts'
import { closeQuay, openQuay } from '../quay/http.ts'
import type { Quay } from '../quay/registry.ts'
import { viewOf } from '../quay/sight.ts'
import { keepDirectory } from '../security/directory/changes.ts'
import { dropListLeases } from '../security/directory/lists.ts'
import { openSlack } from '../slack/clients.ts'
import { healthOf, unheardSentence } from '../surfaces/health.ts'
import { endOrphans } from '../surfaces/orphans.ts'
import { forgetOnChange } from './forget.ts'
import { answerHttp } from './http.ts'
import { startJobs } from './jobs.ts'
import { measureBackground, measureBudget, measureDrawing, measurePool, measureQuay, measureUnknownIds } from './measure.ts'
import { measureJobs, measureQueues } from './measure-jobs.ts'
import { measureConnection, measureSlackCalls } from './measure-slack.ts'
import { measureWaiting } from './measure-waiting.ts'
import { keepPolicy, type PolicyFile, warnOfDoor } from './policy-in-force.ts'
import { shareBudget } from './replicas.ts'
import { connectSlack } from './slack-app.ts'
import { workers } from './workers.ts'

export interface Started {
  bot: Bot
  /** Answers HTTP: health, Slack's requests, and webhooks. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  /** Copies an embedded database while it is in use. */
  copyTo?: Database['copyTo']
  /** Takes no more work, finishes what is in flight, and closes. */
  stop(): Promise<void>
}

interface Setting {
  config: Config
  policy: Policy
  /** Where the policy stands, if it stands in a file: it is read again while the bot runs. */
  policyFile?: PolicyFile | undefined
  /** Position of a path in the policy file. */
  where?: PolicyWhere | undefined
  database: Where
  keys: Keys
  log: Logger
  clock?: () => number
}

// A call to Quay ends within 15 seconds. Together with the jobs' own limit (db/boss.ts) this stays below a container's 30 seconds.
const patience = 17_000

/** Opens everything the bot needs, in the order it is needed. */
export async function startBot({ config, policy, policyFile, where, database, keys, log, clock = Date.now }: Setting): Promise<Started> {
  setSlashCommand(config.SLACK_COMMAND)
  await loadCommands()
  log.level = policy.log ?? config.LOG_LEVEL
  for (const warning of policyWarnings(policy, where)) log.warn(warning)
  const metrics = openMetrics()
  const observe = measureSlackCalls(metrics)
  // Slack comes first: a wrong token is the most frequent problem, and creating a database takes seconds.
  const network = openNetwork(config)
  const drawing = drawingIn(config)
  const slack = await openSlack({ token: config.SLACK_BOT_TOKEN, url: config.SLACK_API_URL, network, log, clock, drawing, observe }).catch(
    refusedBySlack('SLACK_BOT_TOKEN', config),
  )
  const quay = openQuay({ url: config.QUAY_URL, token: config.QUAY_TOKEN, proxies: config, rate: config.QUAY_RATE })
  const [{ db, boss, kind, close, trouble, pool, copyTo }] = await Promise.all([openDatabase(database, log), discover(quay)])
  refuseRedirect(quay)
  // An embedded database has no other process, so every lease in it belongs to a dead one.
  if (kind === 'pglite') await Promise.all([dropLeases({ db }), dropListLeases({ db }), db.delete(leases)])
  measureQuay(metrics, quay)
  measureBudget(metrics, quay.rateLimiter)
  // An embedded database has one process, which has the whole budget.
  const giveBack = kind === 'pglite' ? undefined : await shareBudget({ db, rateLimiter: quay.rateLimiter, log })
  const cache = openCache(30, clock)
  forgetOnChange(quay, cache)
  measureWaiting(metrics, { db, clock })
  measureQueues(metrics, db)
  if (pool) measurePool(metrics, pool)
  measureBackground(metrics, { db, clock, rate: config.QUAY_RATE })
  measureUnknownIds(metrics, slack)
  measureDrawing(metrics, slack)
  const bot: Bot = {
    config,
    db,
    boss,
    trouble,
    quay,
    slack,
    policy,
    log,
    metrics,
    keys,
    clock,
    runtime: newRuntime(),
    cache,
  }
  keepDirectory(bot)
  passOnChange(bot)
  await makeQueues(boss)
  const connection = await connectSlack(bot).catch(refusedBySlack('SLACK_APP_TOKEN', config))
  measureConnection(metrics, connection)
  // Slack connects before periodic work starts; jobs that people cause meanwhile wait in their queue.
  const stopJobs = await startJobs(bot, workers, measureJobs(metrics))
  warnOfDoor(bot)
  void track(bot, warnOfUnknownIds(slack, policy, log))
  void track(bot, warnOfUnknownNames(quay, policy, log, where))
  void track(bot, warnOfHealth(bot))
  if (kind === 'pglite')
    void track(bot, endOrphans(bot, new Date(clock()))).catch((err: unknown) => log.warn({ err }, 'could not resolve interrupted commands'))
  const stopLearning = keepLearning(quay, log)
  const leavePolicy = policyFile ? await keepPolicy(bot, policyFile, kind === 'pglite') : () => undefined
  return {
    bot,
    handle: answerHttp(bot, connection),
    ...(copyTo && { copyTo }),
    stop: async () => {
      stopLearning()
      // First, so that calls which are dropped below do not look like a failure of Quay's.
      stopTimers(bot)
      leavePolicy()
      quay.rateLimiter.stop()
      await stopJobs()
      await connection.stop()
      const left = await drain(bot.runtime.inFlight, patience)
      if (left > 0) log.warn({ left }, 'stopping with work in flight; the audit log lists it')
      await giveBack?.()
      await close()
      await Promise.all([closeQuay(quay), network.close()])
    },
  }
}

function drawingIn({ TABLES: tables, CHARTS: charts, PLANS: plans, TABLE_BUTTONS }: Config) {
  return { tables, charts, plans, cellButtons: TABLE_BUTTONS === 'on' }
}

/** Reports problems with the settings of Quay and Slack at once, instead of to the first person whom they affect. */
async function warnOfHealth(bot: Bot) {
  const { quay, missing, unheard } = await healthOf(bot)
  if (quay.problem) bot.log.error({ quay: quay.state }, translator('en').plain(quay.problem.message, quay.problem.values))
  const { view, sentence } = viewOf(bot.quay)
  if (view !== 'all' && view !== 'unknown') bot.log.warn({ sight: view }, translator('en').plain(sentence.message, sentence.values))
  if (unheard.length > 0) {
    const { message, values } = unheardSentence(unheard)
    bot.log.warn({ scopes: unheard }, translator('en').plain(message, values))
  }
  if (missing.length > 0) bot.log.error({ scopes: missing }, 'the Slack app lacks scopes of its manifest; reinstall it from the manifest')
}

/** Discovers Quay's capabilities again later: a token can be repaired and a registry upgraded while the bot runs. */
function keepLearning(quay: Quay, log: Logger) {
  const ask = (again: typeof discover) => () =>
    void again(quay).catch((err: unknown) => log.error({ err }, 'could not discover the capabilities of Quay'))
  const timers = [setInterval(ask(refreshCapabilities), aMinute), setInterval(ask(discover), 10 * aMinute)].map((timer) => timer.unref())
  return () => timers.forEach((timer) => void clearInterval(timer))
}

/** A registry that redirects to https does so for every call, none of which is ever repeated there with the token. */
function refuseRedirect({ url, redirected: { to = '' } }: Quay) {
  const { protocol, hostname } = URL.parse(to) ?? {}
  if (protocol === 'https:' && hostname === new URL(url).hostname)
    throw new Failure('conflict', 'QUAY_URL redirects to {location}. Set QUAY_URL={location}.', { location: to })
}

/** The Failure for a refused token or no answer from Slack; the original error may contain the token. Other errors propagate. */
function refusedBySlack(setting: string, { SLACK_API_URL }: Config) {
  return (error: unknown): never => {
    const { code, message, problem } = slackError.parse(error)
    if (!code.startsWith('slack_')) throw error
    if (problem !== undefined)
      throw new Failure('conflict', 'Slack refuses {setting}: {problem}. Copy it anew from the pages of the Slack app.', {
        setting,
        problem,
      })
    const lasting = connectionProblem(error, new URL(SLACK_API_URL).host)
    if (lasting) throw new Failure('conflict', lasting.message, lasting.values)
    throw new Failure('unavailable', 'Slack cannot be reached: {message}', { message })
  }
}

const slackError = z
  .object({ code: z.string().catch(''), message: z.string().catch(''), data: z.object({ error: z.string() }).optional().catch(undefined) })
  .transform(({ code, message, data }) => ({ code, message, problem: data?.error }))
