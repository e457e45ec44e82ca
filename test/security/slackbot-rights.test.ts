import { randomUUID } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { type Given, readWords } from '../../src/command/arguments.ts'
import { fieldsOf } from '../../src/command/fields.ts'
import { commands } from '../../src/command/registry.ts'
import { wordsOf } from '../../src/command/tokenize.ts'
import { Failure } from '../../src/core/failure.ts'
import { replies } from '../../src/db/schema.ts'
import { execute } from '../../src/surfaces/execute.ts'
import { toolFor, typedOnly } from '../../src/surfaces/slackbot/tools.ts'
import { isCi, sampled, sized } from '../sized.ts'
import { dataOf, slackbotAt } from '../surfaces/slackbot/slackbot.ts'
import { attempts, needsDirectory } from './commands.ts'
import { kinds, openRegistry, personOf } from './registry.ts'

const opened = await openRegistry(afterAll)
const { bot, become } = opened
const slackbot = slackbotAt(opened)

/** Allowed, allowed by request, or why not: what typed words come to. */
type Verdict = 'allowed' | 'ask' | Failure['code']

function givenBy(name: string, words: string): Given {
  const command = commands.get(name)
  if (!command) throw new TypeError(`there is no ${name}`)
  return readWords(command, wordsOf(words)).given
}

async function bySlash(name: string, given: Given, user: string, dryRun = true): Promise<Verdict> {
  try {
    const outcome = await execute(bot, { name, given, user, key: randomUUID(), reference: 'test', log: bot.log, dryRun })
    if (outcome.state === 'planned') return outcome.ruling.verdict === 'ask' ? 'ask' : 'allowed'
    return outcome.state === 'done' || outcome.state === 'preview' ? 'allowed' : 'ask'
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return error.code
  }
}

async function bySlackbot(name: string, given: Given, user: string): Promise<Verdict> {
  const tool = toolFor(name)
  if (!tool) throw new TypeError(`no tool takes ${name}`)
  const isOwn = typeof tool.does === 'object' && 'read' in tool.does && tool.does.read === name
  const answer = await slackbot.call(user, tool.name, isOwn ? given : { command: name, arguments: given })
  const { refused, needs_approval: asks } = dataOf(answer)
  if (answer.isError) return refused as Verdict // the answer of a refusal names its code
  return asks === true ? 'ask' : 'allowed'
}

/** At most five changes wait for a person, and here each is prepared once. */
async function forgetPrepared() {
  await bot.db.delete(replies).where(sql`${replies.result}->>'format' = 'prepared'`)
}

/** A dry run also tries the calls, which may fail for another reason than rights; preparing only reads the facts. */
function isSame(slash: Verdict, tool: Verdict) {
  const isRight = (one: Verdict) => one === 'denied' || one === 'ask' || one === 'allowed'
  return slash === tool || (!isRight(slash) && tool !== 'denied')
}

async function differences(names: string[], who: string[]) {
  const wrong: string[] = []
  const counted = new Map<string, number>()
  for (const [nth, name] of sampled(names, 3).entries()) {
    for (const words of (attempts[name] ?? []).slice(0, sized(1, 2, 100))) {
      const given = givenBy(name, words)
      // A credential is not taken by any tool.
      if (fieldsOf(commands.get(name) ?? { input: undefined as never }).some(({ secret, name: field }) => secret && field in given))
        continue
      for (const kind of sampled(who, 5, nth)) {
        const [dry, tool] = [await bySlash(name, given, personOf(kind)), await bySlackbot(name, given, personOf(kind))]
        // A dry run looks behind the preview, which typed words show first, as a prepared change does.
        const slash = isSame(dry, tool) || !commands.get(name)?.preview ? dry : await bySlash(name, given, personOf(kind), false)
        counted.set(slash, (counted.get(slash) ?? 0) + 1)
        if (!isSame(slash, tool)) wrong.push(`${name} ${words} as ${kind}: typed ${slash}, through Slackbot ${tool}`)
      }
      await forgetPrepared()
    }
  }
  return { wrong, counted }
}

const usual = kinds.filter((kind) => !['superuser_no_full_access', 'ns_owner', 'team_writer', 'creator_owner'].includes(kind))
const names = Object.keys(attempts).filter((name) => commands.has(name) && !needsDirectory.includes(name) && !typedOnly.has(name))

test('verdict for verdict Slackbot is told what typed words are told, over the whole matrix of rights', async () => {
  await become({})
  const { wrong, counted } = await differences(names, usual)
  expect(wrong).toEqual([])
  expect(counted.get('allowed')).toBeGreaterThan(sized(8, 200, 200))
  expect(counted.get('denied')).toBeGreaterThan(sized(8, 200, 200))
  expect(opened.changes()).toEqual([])
}, 240_000)

test.runIf(isCi)(
  'the same where a directory keeps the accounts, and where superusers have no rights in what others own',
  async () => {
    await become({ authenticationType: 'LDAP' })
    expect(
      (
        await differences(
          needsDirectory.filter((name) => commands.has(name)),
          usual,
        )
      ).wrong,
    ).toEqual([])
    await become({ superusersFullAccess: false })
    const some = names.filter((name) => /^(?:org|repo|team|tag)\b/.test(name))
    expect((await differences(some, ['reader', 'org_admin', 'superuser_no_full_access'])).wrong).toEqual([])
    expect(opened.changes()).toEqual([])
  },
  240_000,
)

test('and under a policy that asks, refuses or takes requests', async () => {
  await become({})
  const asking = { requesters: ['everyone' as const], channel: 'C0APPROVALS', approvers: ['quay:superuser' as const], needed: 1 }
  const rest = { notify: 'none' as const, remind: [], expires: 86_400_000, reason: { required: false }, escalate: undefined }
  bot.policy.approvals = [
    { name: 'destructive', effects: ['destroys'], ask: 'always', ...asking, ...rest },
    { name: 'grants', effects: ['grants'], ask: 'without-right', ...asking, ...rest, requesters: [personOf('reader')] },
  ] as typeof bot.policy.approvals
  const some = names.filter((name) => /^(?:permission|team|tag|repo|prune) /.test(name))
  const { wrong, counted } = await differences(
    some,
    ['nobody', 'reader', 'repo_admin', 'org_admin', 'superuser'].filter((kind) => kinds.includes(kind)),
  )
  expect(wrong).toEqual([])
  expect(counted.get('ask')).toBeGreaterThan(sized(0, 10, 10))
  bot.policy.approvals = []
  expect(await bot.db.select().from(replies).where(eq(replies.operation, 'tag delete'))).toEqual([])
}, 240_000)
