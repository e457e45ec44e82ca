import { randomUUID } from 'node:crypto'
import type { Dispatcher } from 'undici'
import { afterAll, expect, test } from 'vitest'
import { execute } from '../../src/execute.ts'
import { Failure } from '../../src/failure.ts'
import { identify } from '../../src/identity.ts'
import { readInput } from '../../src/input.ts'
import type { AnyRun } from '../../src/perform.ts'
import type { PlannedCall, Quay } from '../../src/quay/http.ts'
import { operations } from '../../src/registry.ts'
import { readWords } from '../../src/syntax.ts'
import { wordsOf } from '../../src/words.ts'
import { accounts } from '../sandbox/quay/rights-fixture.ts'
import { aboutTheBot, behind, commands, stricterThanQuay } from './commands.ts'
import { kinds, openRegistry, personOf, type Registry } from './registry.ts'

const { bot, origin, become } = await openRegistry(afterAll)

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
  const operation = operations.get(name)
  if (!operation) throw new TypeError(`there is no ${name}`)
  return operation
}

function givenBy({ name, words }: Try) {
  return readWords(operationOf(name), wordsOf(words)).given
}

/** What the bot says to somebody: refused, or the calls it would make; `failed` for what is no matter of rights. */
async function botSays(one: Try): Promise<PlannedCall[] | 'refused' | 'failed'> {
  const entry = { operation: one.name, given: givenBy(one), user: personOf(one.kind), key: randomUUID(), reference: 'test', log: bot.log }
  try {
    const outcome = await execute(bot, { ...entry, dryRun: true })
    return outcome.state === 'planned' ? outcome.calls : []
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return error.code === 'denied' ? 'refused' : 'failed'
  }
}

/** The first of these calls that Quay refuses the person's own token. */
async function refusedByQuay(calls: PlannedCall[], token: string | undefined) {
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
  const input = await readInput(bot, operationOf(name), givenBy({ name, ...one }), 'en')
  const texts: string[] = []
  for (const read of [preview?.read, current, changes ? undefined : run]) {
    if (!read) continue
    try {
      texts.push(JSON.stringify(await read({ bot, person, input, log: bot.log, quay } as AnyRun & { input: never })))
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      texts.push(error.code)
    }
  }
  return texts
}

async function falselyAllowed(one: Try, calls: PlannedCall[], { tokens, restore }: Place) {
  const token = tokens[one.kind]
  if (token === undefined) return 'is let in without an account'
  restore()
  const refused = await refusedByQuay(calls, token)
  if (refused) return `is allowed, and Quay refuses ${refused}`
  restore()
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
async function falselyRefused(one: Try, { kind, calls }: { kind: string; calls: PlannedCall[] }, { tokens, restore }: Place) {
  const token = tokens[one.kind]
  if (token === undefined) return
  restore()
  const theirs = JSON.stringify(calls).replaceAll(`"${accounts[kind]}"`, `"${accounts[one.kind]}"`)
  const mine: PlannedCall[] = JSON.parse(theirs.replaceAll(`/user/${accounts[kind]}`, `/user/${accounts[one.kind]}`))
  if (await refusedByQuay(mine, token)) return
  const texts = operationOf(one.name).changes ? [] : await shown(one, ownQuay(one.name, token))
  // To an account that is disabled Quay says that the token is bad.
  return texts.includes('denied') || texts.includes('unavailable') ? undefined : 'is refused, and Quay allows it'
}

/** Every difference between the bot and Quay about one command, somebody by somebody. */
async function differences(name: string, words: string, who: string[], place: Place) {
  const wrong: string[] = []
  const refused: Try[] = []
  let allowed: { kind: string; calls: PlannedCall[] } | undefined
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
  if (!allowed) return [...wrong, `${name} ${words} is allowed to nobody here, so it proves nothing`]
  for (const one of refused) {
    const why = await falselyRefused(one, allowed, place)
    if (why && !stricterThanQuay[one.kind]) wrong.push(`${name} ${words} as ${one.kind} ${why}`)
  }
  return wrong
}

async function allDifferences(registry: Registry, who: string[], names = Object.keys(commands)) {
  const place = await become(registry)
  const wrong: string[] = []
  for (const name of names) {
    for (const words of operations.has(name) ? (commands[name] ?? []) : []) wrong.push(...(await differences(name, words, who, place)))
  }
  return wrong
}

const usual = kinds.filter((kind) => kind !== 'superuser_no_full_access')

test('every operation has commands to try here', () => {
  const missing = [...operations.keys()].filter((name) => !(name in commands) && !(name in aboutTheBot))
  expect(missing, 'Add a command for each of these to test/rights/commands.ts').toEqual([])
})

test('nobody is allowed, refused or shown anything but what Quay allows, refuses and shows their own token', async () => {
  expect(await allDifferences({}, usual)).toEqual([])
})
