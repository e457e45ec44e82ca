import { expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'

const channel = 'acme-dev'
const day = 86_400_000

test('a tag that expires soon is told once, with when; one that does not is not named', async () => {
  const { bea, clock, quay, repository } = await startBot()
  quay.set({ features: { IMAGE_EXPIRY_TRIGGER: true } })
  expect((await bea.types('/quay subscribe acme/api events=expiry', channel)).text).toMatch(/Subscribed this channel to/)
  await expect.poll(() => repository('acme/api')?.notifications.some(({ event }) => event === 'repo_image_expiry')).toBe(true)
  const tags = repository('acme/api')?.tags.filter(({ end }) => end === null) ?? []
  const [soon, other] = tags
  expect(soon && other && soon.name !== other.name).toBe(true)
  if (soon) soon.end = clock.now() + 2 * day
  quay.tick()
  const told = await bea.finds(/:hourglass: .*1 tag will expire\./, channel)
  const shown = JSON.stringify(told.blocks)
  expect(shown).toContain(`\`${soon?.name}\` on <!date^${Math.floor((soon?.end ?? 0) / 1000)}`)
  expect(shown).not.toContain(`\`${other?.name}\``)
  quay.tick()
  expect((await bea.sees(channel)).filter(({ text }) => text.includes('will expire'))).toHaveLength(1)
})
