import { randomUUID } from 'node:crypto'
import type { Dispatcher } from 'undici'
import { afterAll, expect, test } from 'vitest'
import { readWords } from '../../src/command/arguments.ts'
import { readInput } from '../../src/command/input.ts'
import { commands } from '../../src/command/registry.ts'
import type { AnyRun } from '../../src/command/run-with-retry.ts'
import { wordsOf } from '../../src/command/tokenize.ts'
import { Failure } from '../../src/core/failure.ts'
import type { DryRunCall, Quay } from '../../src/quay/registry.ts'
import { identify } from '../../src/security/identity.ts'
import { execute } from '../../src/surfaces/execute.ts'
import { accounts } from '../sandbox/quay/rights-fixture.ts'
import { sampled, sized } from '../sized.ts'
import { aboutTheBot, attempts, behind, comparedApart, needsDirectory, showsMore, stricterThanQuay } from './commands.ts'
import { kinds, openRegistry, personOf, type Registry } from './registry.ts'

const { bot, quay, origin, become } = await openRegistry(afterAll)

interface Try {
  name: string
  words: string
  kind: string
}

interface Place {
  tokens: Record<string, string>
  restore(): void
}

function operationOf(name: string) {
  const operation = commands.get(name)
  if (!operation) throw new TypeError(`there is no ${name}`)
  return operation
}

function givenBy({ name, words }: Try) {
  return readWords(operationOf(name), wordsOf(words)).given
}

/** What the bot says to somebody: refused, or the calls it would make; `failed` for what is no matter of rights. */
async function botSays(one: Try): Promise<DryRunCall[] | 'refused' | 'failed'> {
  const entry = { name: one.name, given: givenBy(one), user: personOf(one.kind), key: randomUUID(), reference: 'test', log: bot.log }
  try {
    const outcome = await execute(bot, { ...entry, dryRun: true })
    if (outcome.state === 'offered') return 'refused'
    return outcome.state === 'planned' ? (outcome.calls ?? 'refused') : []
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return error.code === 'denied' ? 'refused' : 'failed'
  }
}

/** The first of these calls that Quay refuses the person's own token. */
async function refusedByQuay(calls: DryRunCall[], token: string | undefined) {
  for (const { method, path, body } of calls) {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
    const { status } = await fetch(origin + path, { method, headers, ...(body && { body: JSON.stringify(body) }) })
    if (status === 401 || status === 403) return `${method} ${path}`
  }
}

/** The registry as the person's own token sees it, but for the calls by which the bot only finds out who they are. */
function ownQuay(name: string, token: string): Quay {
  const own: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
    const isBehind = behind[name]?.calls.test(String(options.path))
    const headers = isBehind ? options.headers : { ...(options.headers as object), authorization: `Bearer ${token}` }
    return dispatch({ ...options, headers }, handler)
  }
  return { ...bot.quay, tokenAccepted: { value: true }, dispatcher: bot.quay.dispatcher.compose(own) }
}

/** Everything that the operation shows the person before and after: read by the bot, or with the person's own token. */
async function shown({ name, ...one }: Try, quay: Quay): Promise<string[]> {
  const { changes, preview, current, run } = operationOf(name)
  const person = await identify(bot, personOf(one.kind))
  const input = await readInput(bot, operationOf(name), givenBy({ name, ...one }), { language: 'en', timeZone: undefined })
  const texts: string[] = []
  for (const read of [preview?.read, current, changes ? undefined : run]) {
    if (!read) continue
    try {
      const result = await read({ bot, person, input, log: bot.log, quay } as AnyRun & { input: never })
      // The token of the next page is another each time.
      texts.push(JSON.stringify(result, (key, value) => (key === 'next' ? undefined : value)))
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      texts.push(error.code)
    }
  }
  return texts
}

async function falselyAllowed(one: Try, calls: DryRunCall[], { tokens, restore }: Place) {
  const token = tokens[one.kind]
  if (token === undefined) return 'is let in without an account'
  restore()
  const refused = await refusedByQuay(calls, token)
  if (refused) return `is allowed, and Quay refuses ${refused}`
  restore()
  if (one.name in comparedApart || (one.kind === 'superuser_no_full_access' && showsMore.includes(one.name))) return
  const [byBot, byQuay] = [await shown(one, bot.quay), await shown(one, ownQuay(one.name, token))]
  const index = byBot.findIndex((text, at) => text !== byQuay[at])
  return index < 0 ? undefined : `is shown ${parting(byBot[index], byQuay[index])}, and Quay shows ${parting(byQuay[index], byBot[index])}`
}

/** Where one text parts from the other. */
function parting(one = '', other = '') {
  const at = [...one].findIndex((character, index) => character !== other[index])
  return `…${one.slice(Math.max(0, at - 40), at + 120)}…`
}

/** Whether Quay would let somebody whom the bot refuses; `calls` are those of somebody who may. */
async function falselyRefused(one: Try, { kind, calls }: { kind: string; calls: DryRunCall[] }, { tokens, restore }: Place) {
  const token = tokens[one.kind]
  if (token === undefined || one.name in comparedApart || (operationOf(one.name).changes && calls.length === 0)) return
  restore()
  const theirs = JSON.stringify(calls).replaceAll(`"${accounts[kind]}"`, `"${accounts[one.kind]}"`)
  const mine: DryRunCall[] = JSON.parse(theirs.replaceAll(`/user/${accounts[kind]}`, `/user/${accounts[one.kind]}`))
  if (await refusedByQuay(mine, token)) return
  const texts = operationOf(one.name).changes ? [] : await shown(one, ownQuay(one.name, token))
  // To an account that is disabled Quay says that the token is bad.
  return texts.includes('denied') || texts.includes('unavailable') ? undefined : 'is refused, and Quay allows it'
}

/** Every difference between the bot and Quay about one command, somebody by somebody. `isWhole`: somebody among them must be allowed. */
async function differences(name: string, words: string, who: string[], place: Place, isWhole: boolean) {
  const wrong: string[] = []
  const refused: Try[] = []
  let allowed: { kind: string; calls: DryRunCall[] } | undefined
  for (const kind of who) {
    const one = { name, words, kind }
    place.restore()
    const says = await botSays(one)
    if (says === 'refused') refused.push(one)
    if (!Array.isArray(says)) continue
    allowed = { kind, calls: says }
    const why = await falselyAllowed(one, says, place)
    if (why) wrong.push(`${name} ${words} as ${kind} ${why}`)
  }
  if (!allowed) return isWhole ? [...wrong, `${name} ${words} is allowed to nobody here, so it proves nothing`] : wrong
  for (const one of refused) {
    const why = await falselyRefused(one, allowed, place)
    if (why && !stricterThanQuay[one.kind] && !stricterThanQuay[name]) wrong.push(`${name} ${words} as ${one.kind} ${why}`)
  }
  return wrong
}

async function allDifferences(registry: Registry, who: string[], names: string[]) {
  const place = await become(registry)
  const wrong: string[] = []
  for (const [nth, name] of names.entries()) {
    // Who else may is what a refusal is compared with, so those who may most are always among them.
    const some = new Set([...sampled(who, 5, nth), ...who.filter((kind) => kind === 'superuser' || kind === 'org_admin')])
    const tried = commands.has(name) ? (attempts[name] ?? []).slice(0, sized(1, 100, 100)) : []
    for (const words of tried)
      wrong.push(
        ...(await differences(
          name,
          words,
          who.filter((kind) => some.has(kind)),
          place,
          who === usual,
        )),
      )
  }
  return wrong
}

// `npm run test:command` asks for one.
const only = process.env.ONLY_COMMAND
const inDatabase = Object.keys(attempts).filter((name) => !needsDirectory.includes(name) && (only === undefined || name === only))
// The others of the matrix hold the same rights in another way.
const usual = kinds.filter((kind) => !['superuser_no_full_access', 'ns_owner', 'team_writer', 'creator_owner'].includes(kind))

test('every operation has commands to try here', () => {
  const missing = [...commands.keys()].filter((name) => !(name in attempts) && !(name in aboutTheBot))
  expect(missing, 'Add a command for each of these to test/security/commands.ts').toEqual([])
})

test('nobody is allowed, refused or shown anything but what Quay allows, refuses and shows their own token', async () => {
  expect(await allDifferences({}, usual, sampled(inDatabase, 3))).toEqual([])
}, 240_000)

test('the same of what needs a directory, where one keeps the accounts', async () => {
  expect(await allDifferences({ authenticationType: 'LDAP' }, usual, needsDirectory)).toEqual([])
})

test('the same in a registry that gives superusers no rights in what others own', async () => {
  const names = inDatabase.filter((name) => /^(?:org|repo|robot|team|user|tag|build|logs)\b/.test(name))
  expect(
    await allDifferences({ superusersFullAccess: false }, ['reader', 'org_admin', 'superuser_no_full_access'], sampled(names, 3)),
  ).toEqual([])
})

test('the same in a registry whose settings allow less', async () => {
  const less = [...usual]
  const features = {
    RESTRICTED_USERS: true,
    SUPERUSERS_ORG_CREATION_ONLY: true,
    NONSUPERUSER_TEAM_SYNCING_SETUP: false,
    USER_LOG_ACCESS: false,
  }
  const names = ['org create', 'repo create', 'team sync', 'logs repo', 'logs namespace']
  expect(await allDifferences({ features, authenticationType: 'LDAP' }, less, names)).toEqual([])
})

test('a list holds the repositories that everybody’s own token may read, and no others', async () => {
  const { tokens } = await become({})
  const list = operationOf('repo list').run
  for (const kind of Object.keys(tokens).filter((one) => one !== 'superuser_no_full_access' && one !== 'disabled')) {
    const person = await identify(bot, personOf(kind))
    for (const namespace of ['matrix', 'other', 'uowner']) {
      const { entries } = (await list({ bot, person, input: { namespace }, log: bot.log, quay: bot.quay })) as {
        entries: { name: string }[]
      }
      const all = quay.registry.repositories.filter((one) => one.namespace === namespace).map(({ name }) => `${namespace}/${name}`)
      const readable = await Promise.all(
        all.map(async (name) => !(await refusedByQuay([{ method: 'GET', path: `/api/v1/repository/${name}` }], tokens[kind]))),
      )
      expect({ kind, listed: entries.map(({ name }) => name).toSorted() }).toEqual({
        kind,
        listed: all.filter((_, at) => readable[at]).toSorted(),
      })
    }
  }
})
