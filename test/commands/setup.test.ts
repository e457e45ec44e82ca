import { expect, test } from 'vitest'
import { readmeScopes } from '../../src/sandbox/quay/api.ts'
import { offByDefault } from '../../src/sandbox/quay/features.ts'
import { memberScopes } from '../../src/sandbox/quay/settings.ts'
import { sampled } from '../sized.ts'
import { startBot } from '../start-bot.ts'
import { allOf } from './drawn.ts'

// The checklist for who sets up Quay for the bot: each gap with its next step, and nothing that is not so (docs/quay.md, Releases §2).

const policy = { approvals: [], default: 'run' as const, protected: ['platform'] }
const gaps = (text: string) => text.split('\n').filter((line) => line.startsWith(':x:'))

test('full access and a new release: nothing is left to do, and the release is named', async () => {
  const { dora } = await startBot({ policy, scopes: readmeScopes, quay: { release: '3.18', adminOf: [] } })
  const reply = await dora.types('/quay setup')
  expect(reply.text).toMatch(/: setup complete\.$/)
  const text = allOf(reply)
  expect(text).toContain('Quay v3.18.0')
  expect(text).toContain(':white_check_mark: Quaymaster sees all organizations.')
  expect(text).toContain('Quaymaster’s user is `quaymaster`.')
  expect(gaps(text)).toEqual([])
  expect(JSON.stringify(reply.blocks)).not.toContain('reply:open')
})

test('full access before 3.16 with the README’s token for newer ones: the roles are hidden, and ownership would help only with more scopes', async () => {
  const { dora } = await startBot({ policy, scopes: readmeScopes, quay: { release: '3.12', adminOf: [] } })
  const reply = await dora.types('/quay setup')
  const text = allOf(reply)
  expect(text).toContain('*Release*\nQuay 3.11 to 3.12')
  expect(text).toContain(':white_check_mark: `FEATURE_SUPERUSERS_FULL_ACCESS` is on.')
  expect(gaps(text).join('\n')).toMatch(/QUAY_TOKEN lacks the scopes `org:admin`, `repo:admin`, `repo:create`/)
  expect(gaps(text).join('\n')).toMatch(/Quay before 3\.16 shows who has which role in a team only where `quaymaster` is an admin: 0 of 4/)
  expect(text).not.toContain('sees all organizations')
  expect(text).toContain('Tag immutability: needs Quay 3.17 or newer.')
  expect(text).toContain('Patterns in auto-prune policies: needs Quay 3.13 or newer.')
  expect(JSON.stringify(reply.blocks)).not.toContain('reply:open')
})

test('Quay’s default settings: the flag, the organizations, and which families are off; a press takes ownership of one', async () => {
  const { dora } = await startBot({
    policy,
    quay: { release: '3.18', fullAccess: false, features: offByDefault, adminOf: ['globex'], scopes: memberScopes },
  })
  const reply = await dora.types('/quay setup')
  const text = allOf(reply)
  expect(text).toContain(
    '`FEATURE_SUPERUSERS_FULL_ACCESS` is off, so Quay hides users’ namespaces from Quaymaster. Set it to true in config.yaml, and Quaymaster sees everything.',
  )
  expect(gaps(text)).toHaveLength(1)
  expect(gaps(text)[0]).toMatch(/commands work only in organizations where `quaymaster` is an admin: \d of 4\. Not yet an admin of `acme`/)
  expect(gaps(text)[0]).not.toContain('platform')
  for (const part of [
    'Auto-prune: `FEATURE_AUTO_PRUNE`',
    'Tag immutability: `FEATURE_IMMUTABLE_TAGS`',
    'Storage quotas: `FEATURE_QUOTA_MANAGEMENT`',
  ])
    expect(text).toContain(`:white_circle: ${part} is off.`)
  expect(text).not.toContain('Builds:')

  const modal = await dora.pressesToOpen('Take ownership', reply)
  await dora.submits(modal, { organization: 'acme' })
  await expect.poll(async () => JSON.stringify((await dora.looksAt(modal)).blocks)).toContain('Make `quaymaster` an admin of')
})

test('an admin of every organization: nothing is left to do, whatever the release', async () => {
  for (const release of sampled(['3.10', '3.16'], 2)) {
    const { dora } = await startBot({ policy, quay: { release, fullAccess: false, adminOf: 'all', scopes: memberScopes } })
    const reply = await dora.types('/quay setup')
    expect(reply.text).toMatch(/: setup complete\.$/)
    expect(allOf(reply)).toMatch(/is an admin: 4 of 4\./)
  }
})

test('a token of too few scopes, a read-only registry: each is one line with its cure', async () => {
  const { dora, quay } = await startBot({ policy, scopes: ['super:user'], quay: { release: '3.16', adminOf: [] } })
  quay.registry.state = 'readonly'
  const text = allOf(await dora.types('/quay setup'))
  expect(gaps(text).join('\n')).toContain('QUAY_TOKEN can’t read its own user. Renew it with the scope `user:read`.')
  expect(gaps(text).join('\n')).toContain('The whole registry is read-only.')
  const reader = await startBot({ policy, scopes: ['super:user', 'user:read'], quay: { release: '3.16', adminOf: [] } })
  const said = allOf(await reader.dora.types('/quay setup'))
  expect(gaps(said)).toEqual([expect.stringContaining('Organizations can’t be created. Renew QUAY_TOKEN with the scope')])
})

test('without repo:admin an admin of every organization is told so, in setup, status and every refusal on a repository', async () => {
  const scopes = ['super:user', 'org:admin', 'user:admin']
  const { alice, dora, origin } = await startBot({ policy, quay: { release: '3.12', fullAccess: false, adminOf: 'all', scopes } })
  const text = allOf(await dora.types('/quay setup'))
  expect(gaps(text)).toEqual([expect.stringContaining('QUAY_TOKEN lacks the scope `repo:admin`')])
  expect((await alice.types('/quay repo show acme/api')).text).toContain(
    'quaymaster is an admin of acme, but QUAY_TOKEN lacks the scope repo:admin.',
  )
  expect(allOf(await alice.types('/quay status'))).toContain(
    'Quaymaster can’t see the permissions in repositories: QUAY_TOKEN lacks the scope repo:admin. An operator must renew it with the scopes org:admin, repo:admin and repo:create.',
  )
  expect(await (await fetch(`${origin}/readyz`)).json()).toMatchObject({ degraded: ['partial-sight'] })
})

test('only for superusers; and when Quay fails it says so, or what it could not ask', async () => {
  const { alice, dora, quay } = await startBot({ policy })
  expect((await alice.types('/quay setup')).text).toBe('You need to be a *superuser* of Quay.')
  quay.faults({ status: 502 })
  expect((await dora.types('/quay setup')).text).toBe('Quay is not available right now.')
  quay.faults({ status: 502, match: '/discovery' })
  const partly = allOf(await dora.types('/quay setup'))
  expect(gaps(partly)).toEqual([expect.stringContaining('Quay did not respond to all calls. Run')])
  expect(partly).not.toContain('does not offer')
})
