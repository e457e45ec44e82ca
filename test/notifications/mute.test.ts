import { afterAll, beforeAll, expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'
import { startBuild } from './builds.ts'

const channel = 'acme-dev'
// Another channel that hears of the same: what is told there has been decided for the muted one as well.
const witness = 'quay-approvals'

let started: Awaited<ReturnType<typeof startBot>>
beforeAll(async () => {
  started = await startBot({ until: afterAll })
})

const posted = async (place: string) => (await started.bea.sees(place)).filter(({ ephemeral }) => !ephemeral)
const pushesIn = async (place: string) => (await posted(place)).filter(({ text }) => text.includes('` pushed.'))
const passes = (seconds: number) => started.bea.post('clock', { advance_ms: seconds * 1000 })

async function pushed(times: { told: number; heard: number }) {
  started.quay.registry.pushTag('acme/api', 'latest', 'acme+ci')
  await expect.poll(() => pushesIn(witness), { timeout: 30_000 }).toHaveLength(times.told)
  await expect.poll(() => pushesIn(channel), { timeout: 30_000 }).toHaveLength(times.heard)
}

test('muted for a week and unmuted after a minute: the channel hears again, and not of that minute', async () => {
  const { bea } = started
  await bea.types('/quay subscribe acme/api events=builds,pushes', channel)
  await bea.types('/quay subscribe acme/api events=pushes', witness)
  await bea.types('/quay subscription mute acme/api for=1w', channel)
  expect(JSON.stringify(await bea.types('/quay subscription list', channel))).toContain('muted')
  await passes(30)
  await pushed({ told: 1, heard: 0 })
  await passes(30)
  expect((await bea.types('/quay subscription mute acme/api for=off', channel)).text).toBe('Unmuted `acme/api`.')
  expect(JSON.stringify(await bea.types('/quay subscription list', channel))).toContain('active')
  await pushed({ told: 2, heard: 1 })
})

test('muted for an hour: a card that stands lives on without a word, and what the hour brought is not told when it is over', async () => {
  const { bea, quay, origin } = started
  const { settles, thread } = await startBuild({ bea, quay, origin, archive: 'https://downloads.example.com/fail.tgz' })
  await settles(/> (?:queued|pulling|running)/)
  await bea.types('/quay subscription mute acme/api for=1h', channel)
  await passes(60)
  await settles(/failed\.$/)
  await pushed({ told: 3, heard: 1 })

  await passes(3_600)
  await pushed({ told: 4, heard: 2 })
  expect(await thread()).toEqual([])
})
