import { afterAll, beforeEach, expect, test } from 'vitest'
import { sampled } from '../sized.ts'
import { startBot } from '../start-bot.ts'

// What the bot itself has changed is never answered from what it remembers.

const started = await startBot({ until: afterAll, policy: { approvals: [] } })
const { alice, bea, dora, quay } = started
beforeEach(() => started.bot.cache.clear())

const yes = /^Yes/
const no = /^No, /

test.each(
  sampled(
    [
      ['a permission is revoked', 'write acme/api', yes, 'permission revoke acme/api team:developers', no],
      ['a permission is granted', 'admin acme/base', no, 'permission grant acme/base alice admin', yes],
      ['somebody leaves a team', 'create acme', yes, 'team remove acme creators alice', no],
      ['a repository becomes private', 'read acme/shop', yes, 'repo visibility acme/shop private', no],
    ],
    2,
    1,
  ),
)('%s: the very next answer knows', async (_, question, before, command, after) => {
  if (command.includes('acme/shop')) {
    for (const organization of quay.registry.organizations)
      for (const team of organization.teams) team.members = team.members.filter((name) => name !== 'alice')
  }
  expect((await alice.types(`/quay can-i ${question}`)).text).toMatch(before)
  await bea.types(`/quay ${command}`)
  expect((await alice.types(`/quay can-i ${question}`)).text).toMatch(after)
})

test('an account is put into a team: it may at once what the team may', async () => {
  expect((await alice.types('/quay can-i create acme')).text).toMatch(no)
  const preview = await bea.types('/quay team add acme creators alice')
  await bea.presses('Add', preview)
  expect((await alice.types('/quay can-i create acme')).text).toMatch(yes)
})

test('an account is disabled, and enabled again: both are known at once', async () => {
  expect((await alice.types('/quay can-i create alice')).text).toMatch(yes)
  const preview = await dora.types('/quay user disable alice')
  await dora.presses('Disable', preview)
  expect((await alice.types('/quay whoami')).text).toContain('disabled')
  await dora.types('/quay user enable alice')
  expect((await alice.types('/quay can-i create alice')).text).toMatch(yes)
})

test('the answer to the change was lost: what was remembered is dropped all the same', async () => {
  expect((await alice.types('/quay can-i read acme/base')).text).toMatch(yes)
  quay.faults({ cut: true, match: 'DELETE /api/v1/repository/acme/base/permissions', times: 1 })
  await bea.types('/quay permission revoke acme/base alice')
  expect((await alice.types('/quay can-i read acme/base')).text).toMatch(no)
})
