import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { commands } from '../../src/command/registry.ts'
import { accessGrants, accessHolds, hooks, subscriptions } from '../../src/db/schema.ts'
import { discover } from '../../src/quay/facts.ts'
import { readmeScopes } from '../../src/sandbox/quay/api.ts'
import { sampled } from '../sized.ts'
import { startBot } from '../start-bot.ts'
import { allOf } from './drawn.ts'
import { table } from './table-entries.ts'
import { furnish } from './table-registry.ts'
import { asking, emergency, tableRunner } from './table-run.ts'

// The table of commands once more, with a token of exactly the scopes that the README asks for: Quay enforces them for each route.
// And with a token that does not say whose it is: one without user:read, and without user:admin, which has that in it.

const started = await startBot({
  until: afterAll,
  scopes: readmeScopes,
  policy: { default: 'run', approvals: [asking()], 'break-glass': [emergency()] },
})
const { quay, bot } = started
const restore = furnish(quay)
bot.quay.limits.pauses = []
const { done, commandOf } = tableRunner(started)

beforeEach(async () => {
  restore()
  // They are about notifications and permissions that the registry had before.
  for (const rows of [subscriptions, hooks, accessGrants, accessHolds]) await bot.db.delete(rows)
  bot.cache.clear()
})

afterEach(() => {
  started.slack.workspace.messages.splice(0)
})

test('the bot knows its own account, and the audit log holds something', async () => {
  expect((await started.alice.types('/quay whoami')).text).toMatch(/alice/)
  expect(bot.quay.capabilities.account).toBe('quaymaster')
})

const all = Object.entries(table).flatMap(([name, entry]) => (entry ? [{ name, ...entry }] : []))

/** What works otherwise with a token that does not say whose it is. */
const without: Record<string, RegExp> = {
  // Nobody can tell whether it was the bot who changed the permission last, so that a person has to look.
  'access end': /The temporary access of .* to .* ends now\.$/,
  'org create': /^QUAY_TOKEN lacks the scope user:admin/,
  'org take-ownership': /^Quaymaster does not know its own Quay user\. An operator must renew QUAY_TOKEN with the scope user:read\.$/,
}

const tokens: [token: string, scopes: string[], refused: Record<string, RegExp>][] = [
  ['the README’s scopes', readmeScopes, {}],
  ['super:user alone', ['super:user'], without],
]

describe.each(tokens)('a token with %s', (token, scopes, refusedBy) => {
  const nth = tokens.findIndex(([name]) => name === token)
  test('is found out to be one', async () => {
    quay.set({ scopes })
    bot.quay.capabilities.account = undefined as unknown as string // as before it was asked
    await discover(bot.quay)
    expect(bot.quay.capabilities.account).toBe(scopes.includes('user:read') ? 'quaymaster' : undefined)
  })

  // `npm test` tries every fourth command with one of the tokens, and what one of them can’t do.
  test.each(all.filter((one) => sampled(all, 8, nth * 4).includes(one) || one.name in refusedBy))(
    '/quay $name',
    async ({ name, ...entry }) => {
      const command = await commandOf(name, entry)
      const asked = quay.exchanges.length
      const end = await done(name, entry, command)
      expect(end.text).toMatch(refusedBy[name] ?? entry.says)
      expect(allOf(end)).not.toMatch(/Not everything is done|Something went wrong|Quay refuses this to Quaymaster/)
      if (name in refusedBy || name === 'setup') return
      const refused = quay.exchanges.slice(asked).filter(({ status }) => status === 401 || status === 403)
      expect(refused.map(({ method, path }) => `${method} ${path}`)).toEqual([])
    },
  )
})

test('the table has every command', () => {
  expect(all.map(({ name }) => name).toSorted()).toEqual([...commands.keys()].toSorted())
})
