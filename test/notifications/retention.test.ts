import { expect, test } from 'vitest'
import { applyRetention } from '../../src/app/retention.ts'
import { builds, cards, events } from '../../src/db/schema.ts'
import { startBot } from '../start-bot.ts'
import { startBuild } from './builds.ts'

const channel = 'acme-dev'
const day = 24 * 3_600_000

test('events live for 90 days: then they and their cards are forgotten, an old build is not told again, and a younger card stays right', async () => {
  const { bot, bea, quay, origin } = await startBot()
  // Behind a firewall: the list of builds is looked at, and has the oldest in it for ever.
  bot.config.PUBLIC_URL = undefined
  await bea.types('/quay subscribe acme/api', channel)
  const old = await startBuild({ bea, quay, origin })
  await bea.post('clock', { advance_ms: 60_000 })
  await old.settles(/succeeded/)

  await bea.post('clock', { advance_ms: 60 * day })
  const young = await startBuild({ bea, quay, origin })
  await bea.post('clock', { advance_ms: 60_000 })
  await young.settles(/succeeded/)
  const before = await bea.sees(channel)

  await bea.post('clock', { advance_ms: 31 * day })
  await applyRetention(bot)
  const kept = await Promise.all([bot.db.select().from(events), bot.db.select().from(cards), bot.db.select().from(builds)])
  expect(kept.map((rows) => JSON.stringify(rows).includes(old.id))).toEqual([false, false, false])
  expect(kept.map((rows) => JSON.stringify(rows).includes(young.id))).toEqual([true, true, true])

  // Two looks later a third build is told, and nothing else.
  await bea.post('clock', { advance_ms: 60_000 })
  const fresh = await startBuild({ bea, quay, origin })
  await bea.post('clock', { advance_ms: 60_000 })
  await fresh.settles(/succeeded/)
  const after = (await bea.sees(channel)).filter(({ blocks }) => !JSON.stringify(blocks).includes(fresh.id))
  expect(after).toEqual(before)
})
