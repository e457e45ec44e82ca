import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { sampled } from '../sized.ts'
import { startBot } from '../start-bot.ts'
import { allOf } from './drawn.ts'

// Where mailing is off Quay puts a UUID where a user or an organization has no address (docs/quay.md, Other): nobody is shown it, and
// it links nobody.

const policy = { approvals: [], default: 'run' as const }

const showing = [
  ...['user list', 'user show ivan', 'user disable ivan', 'user delete ivan', 'user reset-password ivan'],
  ...['org list', 'org show acme'],
]

test.each(sampled(showing, 5, 4))('/quay %s shows no placeholder', async (command) => {
  const { dora, quay } = await startBot({ policy })
  const placeholders = new Set<string>()
  for (const one of [...quay.registry.users.filter(({ name }) => name === 'ivan'), ...quay.registry.organizations]) {
    one.email = randomUUID()
    placeholders.add(one.email)
  }
  const reply = allOf(await dora.types(`/quay ${command}`))
  expect(reply).toMatch(/ivan|acme/)
  for (const placeholder of placeholders) expect(reply).not.toContain(placeholder)
})

test('an account made without an address has none', async () => {
  const { dora } = await startBot({ policy, quay: { features: { MAILING: false } } })
  await dora.types('/quay user create fresh')
  expect(allOf(await dora.types('/quay user show fresh'))).toContain('*E-mail*\nNone')
})

test('a Slack profile with such a text as its address is linked to nobody', async () => {
  const { carl, quay, slack } = await startBot({ policy: { ...policy, identity: { map: {}, email: 'unverified' } } })
  const placeholder = randomUUID()
  const [ivan] = quay.registry.users.filter(({ name }) => name === 'ivan')
  const [profile] = slack.workspace.users.filter(({ name }) => name === 'carl')
  if (!ivan || !profile) throw new TypeError('the sandbox has both')
  ivan.email = placeholder
  profile.profile.email = placeholder
  expect((await carl.types('/quay whoami')).text).toContain('No Quay user has your e-mail address')
})
