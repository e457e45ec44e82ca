import { expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'
import { startBuild } from './builds.ts'

test('bea subscribes a channel to a repository: a build is one card there, edited through its phases to its end', async () => {
  const { bea, quay, origin } = await startBot()
  const reply = await bea.types('/quay subscribe acme/api events=builds', 'acme-dev')
  expect(reply.text).toContain('Subscribed this channel to *builds*')

  const { cardsIn, settles } = await startBuild({ bea, quay, origin, archive: 'https://downloads.example.com/api.tgz' })

  await settles(/succeeded/)
  const cards = await cardsIn('acme-dev')
  expect(cards).toHaveLength(1)
  expect(cards[0]?.text).toMatch(/^:white_check_mark: <.*\|acme\/api>: <.*\|build> succeeded\.$/)
  expect(JSON.stringify(cards[0]?.blocks)).toContain('pulled in 2 s')
})
