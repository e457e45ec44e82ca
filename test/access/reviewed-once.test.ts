import { expect, test } from 'vitest'
import { policyOf } from '../../src/core/policy.ts'
import { startBot } from '../start-bot.ts'

test('what was taken by break-glass is reviewed once: who comes second is told so, and takes nothing back', async () => {
  const glass = {
    people: ['U0ALICE'],
    permissions: ['write' as const],
    namespaces: ['acme'],
    channel: 'C0APPROVALS',
    approvers: ['U0BEA', 'U0CARL'],
  }
  const { alice, bea, carl, repository } = await startBot({
    policy: policyOf({ identity: { map: { U0ALICE: 'alice' } }, approvals: [], 'break-glass': [glass] }),
  })
  expect((await alice.types('/quay break-glass acme/shop write reason="The shop is down"')).text).toContain('You now have *write*')
  const task = await bea.finds(/Needs review: alice took \*write\*/, 'quay-approvals')
  await Promise.all([bea.press('Justified', task, 'quay-approvals'), carl.press('Not justified', task, 'quay-approvals')])
  const late = async () =>
    [...(await bea.sees('quay-approvals')), ...(await carl.sees('quay-approvals'))].filter(
      ({ text }) => text === 'Someone already reviewed this.',
    )
  await expect.poll(async () => (await late()).length, { timeout: 20_000, interval: 30 }).toBe(1)
  await bea.finds(/Reviewed by/, 'quay-approvals')
  const reviewed = (await bea.sees('quay-approvals')).filter(({ text }) => text.includes('Reviewed by'))
  expect(reviewed).toHaveLength(1)
  const isKept = reviewed[0]?.text.includes('Reviewed by bea') === true
  await expect.poll(() => repository('acme/shop')?.userPermissions.alice === 'write', { timeout: 20_000, interval: 30 }).toBe(isKept)
})
