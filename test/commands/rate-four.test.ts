import { afterAll, beforeEach, expect, test } from 'vitest'
import { commands } from '../../src/command/registry.ts'
import { quaysLimit } from '../../src/sandbox/quay/nginx.ts'
import { sized } from '../sized.ts'
import { startBot } from '../start-bot.ts'
import { table } from './table-entries.ts'
import { furnish } from './table-registry.ts'
import { asking, emergency, tableRunner } from './table-run.ts'

// The table once more at Quay's default rate, behind an nginx that refuses what is more. A sandbox at a thousand calls a second
// hides what a command costs.

const started = await startBot({
  until: afterAll,
  environment: { QUAY_RATE: '4' },
  quay: { callLimit: quaysLimit },
  policy: { approvals: [asking()], default: 'run', 'break-glass': [emergency()] },
})
const { quay, bot } = started
const restore = furnish(quay)
const { done, commandOf } = tableRunner(started)

beforeEach(() => {
  restore()
  bot.cache.clear()
})

const every = sized(32, 8, 1)
// All of it takes four minutes.
const some = [...commands.keys()].filter((_, index) => index % every === 0)

test.each(some)(
  '%s at four calls a second',
  async (name) => {
    const entry = table[name]
    if (!entry) throw new Error(`Add a line for ${name} to test/commands/table-entries.ts`)
    const reply = await done(name, entry, await commandOf(name, entry))
    expect(reply.text).toMatch(entry.says)
    expect(bot.quay.rateLimiter.waiting('U0ALICE').others).toBe(0)
  },
  60_000,
)

test('nobody who is alone was told to wait, and nginx refused nothing', async () => {
  for (const person of [started.alice, started.bea, started.dora])
    expect(JSON.stringify(await person.sees(person.name))).not.toMatch(/Many people are using Quay/)
  expect(started.log()).not.toContain('Too many people are using Quay')
  expect(quay.exchanges.filter(({ status }) => status === 429)).toEqual([])
})
