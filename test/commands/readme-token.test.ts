import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { commands } from '../../src/command/registry.ts'
import { readmeScopes } from '../../src/sandbox/quay/api.ts'
import { buttonOf } from '../../src/surfaces/modals/titles.ts'
import type { Seen } from '../people.ts'
import { startBot } from '../start-bot.ts'
import { allOf } from './drawn.ts'
import { table } from './table-entries.ts'
import { furnish } from './table-registry.ts'

// The table of commands once more, with a token of exactly the scopes that the README asks for: Quay enforces them for each route.

const started = await startBot({
  until: afterAll,
  scopes: readmeScopes,
  policy: {
    default: 'run',
    // Only so that there is a request to show and to withdraw.
    approvals: [
      {
        ...{ name: 'ask', operations: ['repo create'], namespaces: ['globex'], ask: 'without-right', requesters: ['everyone'] },
        ...{
          channel: 'C0APPROVALS',
          approvers: ['U0DORA'],
          needed: 1,
          notify: 'none',
          remind: [],
          expires: 86_400_000,
          reason: { required: false },
        },
      },
    ],
  },
})
const { quay, bot } = started
const restore = furnish(quay)
bot.quay.limits.pauses = []
let next = 0

beforeEach(() => {
  restore()
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

test.each(all)('/quay $name', async ({ name, by, words, first, channel, says }) => {
  quay.registry.authenticationType = /^team (un)?sync/.test(name) ? 'LDAP' : 'Database'
  const before = first === undefined ? undefined : await started[by].types(first.replace('NEXT', `web-${next++}`), channel)
  const asked = quay.exchanges.length
  const command = `/quay ${name} ${words.replace('REQUEST', /[Rr]equest `(\w+)`/.exec(before?.text ?? '')?.[1] ?? '')}`

  const reply = await started[by].types(command, channel)
  const asks = JSON.stringify(reply.blocks).includes('preview:confirm')
  const end: Seen = asks ? await started[by].presses(buttonOf(name), reply, channel) : reply

  expect(end.text).toMatch(says)
  expect(allOf(end)).not.toMatch(/Some parts failed|Not everything is done|Something went wrong|Quay refuses this to Quaymaster/)
  const refused = quay.exchanges.slice(asked).filter(({ status }) => status === 401 || status === 403)
  expect(refused.map(({ method, path }) => `${method} ${path}`)).toEqual([])
})

test('the table has every command', () => {
  expect(all.map(({ name }) => name).toSorted()).toEqual([...commands.keys()].toSorted())
})
