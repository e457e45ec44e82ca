import { expect, test } from 'vitest'
import { discover } from '../../src/quay/facts.ts'
import { offByDefault } from '../../src/sandbox/quay/features.ts'
import { startBot } from '../start-bot.ts'

// Events and methods that a registry lacks are not offered in a modal, and refused in words before Quay, which fails on an event that
// it does not know and takes what it never sends (docs/quay.md, Releases §1b).

const policy = { approvals: [], default: 'run' as const }
const create = '/quay notification create acme/api'

test('an event of a later release is neither offered nor sent', async () => {
  const { bea, changes } = await startBot({ policy, quay: { release: '3.10' } })
  expect((await bea.types(`${create} repo_image_expiry email email=ops@example.com days=7`)).text).toContain(
    'Event: This registry does not offer repo_image_expiry: it needs Quay 3.13 or newer.',
  )
  expect((await bea.types('/quay subscribe acme/api events=builds,expiry', 'acme-dev')).text).toContain(
    'Events: This registry does not offer expiry: it needs Quay 3.13 or newer.',
  )
  const modal = JSON.stringify((await bea.opens('/quay notification create')).blocks)
  expect(modal).toContain('"repo_push"')
  expect(modal).not.toContain('repo_image_expiry')
  expect(changes()).toEqual([])
})

test('what is off in Quay’s default settings is refused by the name of its flag, and the rest works', async () => {
  const { bea, changes } = await startBot({
    policy: { ...policy, identity: { map: { U0BEA: 'bea' }, email: true } },
    quay: { features: { ...offByDefault, MAILING: false } },
  })
  expect((await bea.types(`${create} repo_image_expiry email email=ops@example.com days=7`)).text).toMatch(
    /This registry does not offer repo_image_expiry: FEATURE_IMAGE_EXPIRY_TRIGGER is off\./,
  )
  expect((await bea.types(`${create} repo_push email email=ops@example.com`)).text).toContain(
    'Method: This registry does not offer email: FEATURE_MAILING is off.',
  )
  const modal = JSON.stringify((await bea.opens('/quay subscribe', 'acme-dev')).blocks)
  expect(modal).toContain('"pushes"')
  expect(modal).not.toMatch(/"(mirrors|expiry|quota)"/)
  expect(changes()).toEqual([])
  expect((await bea.types('/quay subscribe acme/api events=pushes', 'acme-dev')).text).toContain('Subscribed this channel to')
})

test('while the registry has not told what it has, nothing is refused for it', async () => {
  const { bea, quay, bot } = await startBot({ policy })
  quay.faults({ status: 502, match: '/config' })
  await discover(bot.quay)
  quay.faults(undefined)
  const refused = await bea.types(`${create} repo_image_expiry email email=bea@example.com days=7`)
  expect(refused.text).not.toContain('does not offer')
})
