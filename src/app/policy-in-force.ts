import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { and, desc, eq, lt, sql } from 'drizzle-orm'
import { loosened } from '../approvals/policy-changes.ts'
import { commandProblem, policyWarnings, warnOfUnknownIds, warnOfUnknownNames } from '../approvals/policy-checks.ts'
import { policyStateOf } from '../approvals/policy-state.ts'
import type { Bot } from '../context.ts'
import { track } from '../core/drain.ts'
import { type Sentence, translator } from '../core/i18n.ts'
import { type PolicyRead, parsePolicy, replacePolicy } from '../core/policy.ts'
import { newReference } from '../core/reference.ts'
import type { Db } from '../db/database.ts'
import { policies, replicas } from '../db/schema.ts'
import { enqueueNotice } from '../notifications/cards.ts'
import { audit } from '../security/audit-log.ts'
import { superusers } from '../security/contacts.ts'
import { doorProblem } from '../surfaces/slackbot/door.ts'

// In milliseconds: how often the file and the database are looked at. A file counts when two looks in a row find the same.
const every = 2_000

/** An arbitrary constant: the lock under which one replica at a time puts a policy in force. */
const turn = 7_145_018

type InForce = typeof policies.$inferSelect

/** The policy file as it was read at start. */
export interface PolicyFile {
  path: string
  text: string
}

interface Seen {
  /** The file as it was last considered, and as the last look found it. */
  considered: string
  found: string
}

/**
 * Keeps the policy of a running bot to its file, and to the same one on all replicas (docs/SECURITY.md rule 45): a change of the
 * file is put in force for all of them, unless it has errors or is only half written. Returns what ends it.
 */
export async function keepPolicy(bot: Bot, file: PolicyFile, isAlone: boolean): Promise<() => void> {
  const hash = hashOf(file.text)
  policyStateOf(bot).hash = hash
  const newest = await newestOf(bot.db)
  if (newest !== undefined && newest.hash !== hash && !isAlone && (await isStale(bot, newest, hash))) {
    bot.log.warn(
      { hash, inForce: newest.hash },
      'the policy file here is an earlier one; the policy in force on the other replicas is used',
    )
    adopt(bot, file.path, newest)
  } else if (newest?.hash !== hash) await putInForce(bot, file, newest)
  const stamp = stampOf(file.path)
  const seen = { considered: stamp, found: stamp }
  let looking = false
  const timer = setInterval(() => {
    if (looking) return
    looking = true
    void track(bot, look(bot, file.path, seen, isAlone))
      .catch((err: unknown) => bot.log.warn({ err }, 'could not look for a change of the policy; retrying'))
      .finally(() => {
        looking = false
      })
  }, every).unref()
  return () => clearInterval(timer)
}

async function look(bot: Bot, path: string, seen: Seen, isAlone: boolean): Promise<void> {
  const stamp = stampOf(path)
  if (stamp !== seen.considered && stamp === seen.found) {
    await consider(bot, path)
    seen.considered = stamp
  }
  seen.found = stamp
  // Nobody else writes into an embedded database.
  if (isAlone) return
  const newest = await newestOf(bot.db)
  if (newest !== undefined && newest.hash !== policyStateOf(bot).hash) adopt(bot, path, newest)
}

/** Puts a changed file in force, or says why not. Throws the database's errors; then it is considered again. */
async function consider(bot: Bot, path: string): Promise<void> {
  const state = policyStateOf(bot)
  const text = textOf(path)
  const read =
    text === undefined
      ? { problems: [`${path}: is empty or cannot be read. To let everybody run what Quay permits, write default: run.`] }
      : parsePolicy(path, text, commandProblem)
  if ('problems' in read || text === undefined) {
    state.refused = 'problems' in read ? read.problems : []
    bot.log.error({ problems: state.refused }, 'the policy file has changed and has errors; the previous policy stays in force')
    const [first = '', ...more] = state.refused
    await tellOperators(bot, bot.db, `policy refused ${hashOf(text ?? '')}`, {
      message:
        'The policy file has errors, so the previous policy stays in force: {problem}{more, plural, =0 {} one { # more error is in the log.} other { # more errors are in the log.}}',
      values: { problem: first, more: more.length },
    })
    return
  }
  delete state.refused
  if (hashOf(text) !== state.hash) await putInForce(bot, { path, text }, await newestOf(bot.db))
}

/** Writes the policy down as the newest one, once for all replicas, with its audit entry and what the operators must know. */
async function putInForce(bot: Bot, { path, text }: PolicyFile, before: InForce | undefined): Promise<void> {
  const hash = hashOf(text)
  const read = parsePolicy(path, text, commandProblem)
  if ('problems' in read) return
  const former = before && parsePolicy(path, before.text, commandProblem)
  const looser = former && 'policy' in former ? loosened(former.policy, read.policy) : []
  const inForce = await bot.db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${turn})`)
    const newest = await newestOf(tx)
    if (newest?.hash === hash) return newest
    const [row] = await tx
      .insert(policies)
      .values({ hash, text, at: new Date(bot.clock()) })
      .returning()
    const person = { id: bot.slack.user, team: bot.slack.team, name: 'quaymaster', account: undefined }
    const input = { file: path, hash, ...(before && { before: before.hash }), ...(looser.length > 0 && { looser }) }
    await audit(bot, tx, { reference: newReference(), phase: 'finished', person, operation: 'policy change', input })
    if (looser.length > 0)
      await tellOperators(bot, tx, `policy ${row?.id}`, {
        message: 'The policy has changed and may allow more than before: {changes}. If this was not you, check the file.',
        values: { changes: looser },
      })
    return row
  })
  if (inForce) adopt(bot, path, inForce, looser)
}

/** From now on everything in this process goes by this policy, requests that wait included. */
function adopt(bot: Bot, path: string, { hash, text }: InForce, looser: string[] = []): void {
  const state = policyStateOf(bot)
  const read = parsePolicy(path, text, commandProblem)
  const isFirst = state.hash === hash
  state.hash = hash
  if ('problems' in read) {
    bot.log.error({ hash, problems: read.problems }, 'another replica has a policy that this release cannot read; the one before it stays')
    return
  }
  if (isFirst) return
  replacePolicy(bot.policy, read.policy)
  bot.log.level = read.policy.log ?? bot.config.LOG_LEVEL
  bot.log.warn({ hash, looser }, 'the policy has changed; the new one is in force')
  warnOf(bot, read)
}

function warnOf(bot: Bot, { policy, where }: PolicyRead): void {
  for (const warning of policyWarnings(policy, where)) bot.log.warn(warning)
  warnOfDoor(bot)
  void track(bot, warnOfUnknownIds(bot.slack, policy, bot.log))
  void track(bot, warnOfUnknownNames(bot.quay, policy, bot.log, where))
}

/** Warns of a policy that lets in Slackbot where nothing can be answered. */
export function warnOfDoor(bot: Pick<Bot, 'policy' | 'config' | 'log'>): void {
  const problem = doorProblem(bot)
  if (problem) bot.log.warn(translator('en').plain(problem.message, problem.values))
}

/** To their channel, or to the superusers of the policy in force, once for all replicas. */
async function tellOperators(bot: Bot, tx: Db, key: string, sentence: Sentence): Promise<void> {
  const { operators } = bot.policy
  const told = operators === undefined ? superusers(bot).filter((id) => !id.startsWith('S')) : [operators]
  for (const to of told) await enqueueNotice(bot, tx, to, key, sentence)
}

/**
 * Whether a replica that starts has an old copy of the file: others are running, and its policy was in force before theirs. Where all
 * were stopped, or the policy is new, the file counts.
 */
async function isStale({ db }: Bot, newest: InForce, hash: string): Promise<boolean> {
  const running = await db.$count(replicas, sql`${replicas.seenAt} >= now() - interval '15 seconds'`)
  return running > 1 && (await db.$count(policies, and(eq(policies.hash, hash), lt(policies.id, newest.id)))) > 0
}

async function newestOf(db: Db): Promise<InForce | undefined> {
  const [row] = await db.select().from(policies).orderBy(desc(policies.id)).limit(1)
  return row
}

/** Changes with the file, also if it is only written again. */
function stampOf(path: string): string {
  const modified = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
  return `${modified} ${hashOf(textOf(path) ?? '')}`
}

/** Undefined for a file that is away or empty, as one is that is just being written. */
function textOf(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8')
    return text.trim() === '' ? undefined : text
  } catch {
    return undefined
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
