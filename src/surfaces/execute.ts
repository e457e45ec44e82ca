import { createRequest } from '../approvals/create.ts'
import { readFacts } from '../approvals/facts.ts'
import { type Ruling, rulingFor } from '../approvals/rules.ts'
import { sameOfOthers } from '../approvals/talk/same.ts'
import { assertLasts } from '../approvals/temporary.ts'
import type { Given } from '../command/arguments.ts'
import { auditRow, withoutCredentials } from '../command/audit-row.ts'
import { checkPermissions } from '../command/authorize.ts'
import type { Command } from '../command/command.ts'
import { holdsStill } from '../command/facts.ts'
import { fieldsOf } from '../command/fields.ts'
import { readInput } from '../command/input.ts'
import { withMoments } from '../command/moments.ts'
import { isOffered } from '../command/offered.ts'
import { assertNotProtected } from '../command/protected.ts'
import { commands } from '../command/registry.ts'
import { stepCheck } from '../command/resume.ts'
import type { AnyRun, Resumed } from '../command/run-with-retry.ts'
import { runSteps } from '../command/steps.ts'
import { hasShortIds, withWholeIds } from '../command/whole-ids.ts'
import { type Bot, onBehalfOf } from '../context.ts'
import { canonical, plain } from '../core/canonical-json.ts'
import { Failure } from '../core/failure.ts'
import type { Rule } from '../core/policy.ts'
import { slash } from '../core/slash-command.ts'
import { troubleOf } from '../db/errors.ts'
import { dryRun } from '../quay/http.ts'
import { audit } from '../security/audit-log.ts'
import { identify, identifyAlone, type Person } from '../security/identity.ts'
import { checkAccount } from '../security/permissions.ts'
import { teamOf } from '../slack/clients.ts'
import { rowsOfPage } from '../slack/drawing.ts'
import { isAmong } from '../slack/users.ts'
import type { Entry, Outcome, Permitted } from './outcome.ts'
import { isPaged, rememberFirst, withoutToken } from './pages/turn.ts'
import { rememberRecent } from './recent-commands.ts'
import { executeMutation } from './run-change.ts'

/**
 * The one path through the bot: identify the person, read the input, check permissions and policy, run, and write the audit log.
 * Throws a Failure for everything that a person can understand; any other error is a bug.
 */
export async function execute(all: Bot, entry: Entry): Promise<Outcome> {
  const bot = onBehalfOf(all, entry.user)
  const command = commands.get(entry.name)
  if (!command) throw new TypeError(`There is no command ${entry.name}`)
  const permitted = await permit(bot, entry, command)
  const outcome = await act(bot, permitted)
  // Help is not part of the history, because nobody repeats it, and what Slackbot asks is not what the person ran.
  if (permitted.name === 'help' || permitted.tool) return outcome
  await rememberRecent(bot, bot.db, permitted.person, permitted.name, withoutCredentials(command, permitted.input)).catch((err: unknown) =>
    // The command is done, even if the history could not be stored.
    entry.log.warn({ err }, 'could not store the command history'),
  )
  return outcome
}

/** Identifies the person, reads the input, and checks whether they may run or request the command. A refusal is written to the audit log. */
async function permit(bot: Bot, entry: Entry, command: Command): Promise<Permitted> {
  const name = entry.name
  const bypassCache = command.changes !== undefined
  const person = await known(bot, entry, command, bypassCache)
  try {
    if (!isOffered(bot, command)) throw new Failure('conflict', 'This registry does not offer {command}.', { command: slash(name) })
    const read = await readInput(bot, command, entry.given, person)
    const typed = withMoments(command, read, bot.clock(), person.timeZone)
    command.check?.(typed, bot.clock())
    assertNotProtected(bot, command, typed)
    await assertLasts(bot, person, { name, command, input: typed })
    const { permissions, refused } = entry.from
      ? await rightsToResume(bot, person, command, typed, entry.from)
      : await rightsFor(bot, person, command, typed, entry, bypassCache)
    const input = await withIds(bot, person, { command, input: typed, refused })
    const ruling = await rulingFor(
      bot.policy,
      { name, command, input },
      { may: !refused, isAmong: (ids) => isAmong(bot.slack, person.id, ids) },
    )
    if (ruling.verdict === 'refuse') throw refused ?? byPolicy(name, ruling)
    // The plan was approved as a whole, so its remaining steps cannot be requested on their own.
    if (ruling.verdict === 'ask' && entry.from) throw needsApproval(name, ruling.rule)
    if (entry.from) await command.after?.checkObject(runOf(bot, { ...entry, input, person }), entry.from.result, entry.from.begun)
    if (refused) await writeRefusal(bot, entry, command, person, refused)
    return { ...entry, name, command, person, input, permissions, ruling, refused }
  } catch (error) {
    const isRefused = error instanceof Failure && (error.code === 'denied' || (entry.from && error.code === 'conflict'))
    if (isRefused) await writeRefusal(bot, entry, command, person, error)
    throw error
  }
}

/**
 * The input with whole ids, which the audit log and a request keep. What Quay lists is looked at only for somebody who may: of a
 * person without the command's permission only the builds of a repository that they can read. Throws `refused` otherwise.
 */
async function withIds(
  bot: Bot,
  person: Person,
  { command, input, refused }: { command: Command; input: Given; refused: Failure | undefined },
) {
  if (!hasShortIds(command, input)) return input
  if (refused) {
    if (!fieldsOf(command).some(({ id }) => id === 'build')) throw refused
    const reading = { ...command, permissions: [{ permission: 'read' as const, on: 'repository' }] }
    await checkPermissions(bot, person, reading, input).catch(() => {
      throw refused
    })
  }
  return withWholeIds(bot.quay, command, input)
}

/** *Retry*: checks the permissions of the next step; later steps are checked when they run. The rest of a plan cannot be requested. */
async function rightsToResume(bot: Bot, person: Person, command: Command, input: Given, { step, result }: Resumed) {
  checkAccount(bot, person)
  const next = command.after?.steps(input, person, result)[step]
  if (next) await stepCheck(bot, command, [person])(next)
  return { permissions: [], refused: undefined }
}

function needsApproval(name: string, { name: rule }: Rule) {
  return new Failure(
    'denied',
    '{command} now needs approval (policy “{rule}”), and the remaining steps can’t be requested separately. Run a separate command for each of them.',
    { rule, command: slash(name) },
  )
}

/** A refusal of a person with an enabled account may lead to a request; any other refusal is final. */
async function rightsFor(bot: Bot, person: Person, command: Command, input: Given, { channel }: Entry, bypassCache: boolean) {
  try {
    return { permissions: await checkPermissions(bot, person, command, input, { bypassCache }), refused: undefined }
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'denied' || !person.user?.enabled) throw error
    if (await command.mayAlways?.({ bot, person, input, channel })) return { permissions: [], refused: undefined }
    return { permissions: [], refused: error }
  }
}

function byPolicy(name: string, { rule }: Ruling) {
  const command = slash(name)
  return rule
    ? new Failure('denied', 'The policy “{rule}” does not allow you to run or request {command}.', { rule: rule.name, command })
    : new Failure('denied', 'The policy does not allow anyone to run {command} from Slack.', { command })
}

async function writeRefusal(bot: Bot, { name, reference, given }: Entry, command: Command, person: Person, { sentence }: Failure) {
  const row = auditRow({ name, command, reference, person, input: given })
  await audit(bot, bot.db, { ...row, phase: 'refused', outcome: sentence })
}

/** A refused external user is written to the audit log too, with the little that is known. */
async function known(bot: Bot, { user, name, reference }: Entry, { permissions }: Command, bypassCache: boolean) {
  try {
    return permissions === 'anyone' && !bypassCache ? await identifyAlone(bot, user) : await identify(bot, user, { bypassCache })
  } catch (error) {
    if (error instanceof Failure && error.code === 'denied') {
      const person = { id: user, team: teamOf(bot.slack), name: user, account: undefined }
      await audit(bot, bot.db, { operation: name, reference, person, input: {}, phase: 'refused', outcome: error.sentence })
    }
    throw error
  }
}

async function act(bot: Bot, permitted: Permitted): Promise<Outcome> {
  const { name, command, person, input, confirmed, ruling, refused } = permitted
  const shared = { name, command, person, input }
  const run = runOf(bot, permitted)
  if (permitted.late && !permitted.dryRun && (command.changes || ruling.verdict === 'ask')) throw tooLate()
  if (permitted.dryRun && command.changes) {
    const calls = refused ? undefined : await plannedCalls(command, run)
    const outcome = { message: 'Dry run: nothing was changed.', values: {} }
    await audit(bot, bot.db, { ...auditRow(permitted), phase: 'finished', outcome })
    return { ...shared, state: 'planned', calls, ruling }
  }
  if (command.changes && (permitted.tool || permitted.prepared)) {
    const drawn = await preparedNow(permitted, run)
    if (drawn) return { ...shared, ...drawn }
  }
  if (ruling.verdict === 'ask') {
    const { rule } = ruling
    const { reason, alongside } = permitted
    const same = await sameOfOthers(bot, person, { name, command, input })
    if (reason === undefined || (same && !alongside)) return { ...shared, state: 'offered', rule, refused, same, reason }
    return {
      ...shared,
      state: 'asked',
      request: await createRequest(bot, { ...permitted, reason, rule, lacks: refused?.sentence, same: same && [same.id] }, run),
    }
  }
  if (command.preview && !permitted.prepared) {
    const facts = await command.preview.read(run)
    const changed = confirmed !== undefined && !isAsConfirmed(plain(facts), confirmed)
    if (facts !== undefined && (confirmed === undefined || changed)) return { ...shared, state: 'preview', facts, changed }
  }
  return command.changes ? executeMutation(bot, permitted, run) : read(bot, permitted, run)
}

/**
 * The prepared change to show, with what Quay has now. Undefined after a press if nothing of it has changed: then it may run. A person
 * without the permission must not learn what there is; their change becomes a request, which has facts of its own (docs/SECURITY.md rule 22).
 */
async function preparedNow({ command, ruling, refused, prepared }: Permitted, run: AnyRun) {
  const facts = refused ? null : await readFacts(command, run, false)
  if (prepared && (ruling.verdict === 'ask' || canonical(facts) === canonical(prepared.facts))) return undefined
  if (!prepared && ruling.verdict !== 'ask') await assertNotDenied(command, run)
  return { state: 'prepared' as const, facts, ruling, changed: prepared !== undefined }
}

/** Some permissions are known only on the way, as for a robot account that is missing. Whatever else is wrong, a press will say. */
async function assertNotDenied(command: Command, run: AnyRun) {
  await plannedCalls(command, run).catch((error: unknown) => {
    if (error instanceof Failure && error.code === 'denied') throw error
    run.log.info({ err: error }, 'a prepared change could not be tried')
  })
}

function tooLate() {
  return new Failure('conflict', 'Slack delivered your message more than five minutes late, so nothing was changed. Send it again.')
}

function isAsConfirmed(now: unknown, { facts, are }: NonNullable<Entry['confirmed']>) {
  return are === 'some' ? holdsStill(facts, now) : canonical(now) === canonical(facts)
}

type RunOf = Pick<Permitted, 'input' | 'person' | 'log' | 'channel' | 'reference' | 'reason'>

function runOf(bot: Bot, { input, person, log, channel, reference, reason }: RunOf): AnyRun {
  return { bot, input, person, log, channel, reference, reason, quay: bot.quay, rows: rowsOfPage(bot.slack.drawing) }
}

/** Runs the command with a client that sends reads and only records changes. Returns the recorded calls. */
async function plannedCalls(command: Command, run: AnyRun) {
  const dry = { ...run, quay: dryRun(run.quay) }
  const result = await command.run(dry)
  await runSteps(command.after?.steps(run.input, run.person, result) ?? [], dry)
  return dry.quay.dryRunCalls
}

async function read(bot: Bot, permitted: Permitted, run: AnyRun): Promise<Outcome> {
  const { name, command, person, input } = permitted
  const result = await command.run(run)
  await audit(bot, bot.db, { ...auditRow(permitted), phase: 'finished' }).catch((error: unknown) => {
    // Commands for everybody, such as help and status, must answer while the database is down.
    if (command.permissions !== 'anyone' || !troubleOf(error)) throw error
    permitted.log.warn({ err: error }, 'could not write a read-only command to the audit log')
  })
  const done = { name, command, person, input, state: 'done' as const, result: withoutToken(result), steps: [] }
  if (permitted.tool) return { ...done, more: isPaged(result) && result.next !== undefined }
  return { ...done, page: isPaged(result) ? await rememberFirst(bot, permitted, result) : undefined }
}
