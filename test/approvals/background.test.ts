import { expect, test } from 'vitest'
import { isCi } from '../sized.ts'
import { seen, startRequests } from './start-requests.ts'

// What an approver wants to know besides the request, as far as it is there to be known.

test('the card says what alice has there, how her earlier requests ended, and how many others can do it; her own copy does not', async () => {
  const { alice, dora, asks, decides, becomes, card, notice, row } = await startRequests({ approvers: ['U0DORA'] as never })
  await asks(alice, 'globex/web')
  await decides('U0DORA', 'denied')
  await becomes('denied')
  await alice.types('/quay repo create globex/shop reason=shop')
  const shown = seen(await card(/Needs[\s\S]*globex\/shop/))
  expect(shown).toContain('*alice* currently has no permission on `globex`.')
  expect(shown).toContain('*alice* made 1 earlier request in 90 days: 0 approved, 1 denied.')
  expect(shown).toMatch(/\d+ users? can create repositories in `globex`\./)
  expect(seen(await notice(dora, /Needs[\s\S]*globex\/shop/))).toContain(
    'You got this because the policy “new repositories” names you as an approver.',
  )
  expect(seen(await notice(alice, /Needs[\s\S]*globex\/shop/))).not.toContain('can create repositories')
  expect((await row()).requester).toBe('U0ALICE')
})

test('a permission: its effect, that it has no end, and who else has it', async () => {
  const { alice, card } = await startRequests({ operations: ['permission grant'] as [string], approvers: ['U0DORA'] as never })
  await alice.types('/quay permission grant acme/shop hana read reason=review')
  const shown = seen(await card(/\*alice\* requests approval/))
  expect(shown).toContain('This grants permissions without an end date.')
  expect(shown).toMatch(/have \*read\* permission or more on `acme\/shop`\./)
  expect(shown).toContain('First request by *alice* in 90 days.')
})

test.runIf(isCi)('for a while: no word about an end that is not missing', async () => {
  const { alice, card } = await startRequests({ operations: ['permission grant'] as [string], approvers: ['U0DORA'] as never })
  await alice.types('/quay permission grant acme/shop hana read for=8h reason=review')
  const shown = seen(await card(/\*alice\* requests approval/))
  expect(shown).toContain('This grants permissions.')
  expect(shown).toContain('8h')
})

test.runIf(isCi)('bea, who is an admin of acme but of nothing else, decides too: nothing is counted that she may not know', async () => {
  const { alice, card } = await startRequests({ approvers: ['U0DORA', 'U0BEA'] as never })
  await alice.types('/quay repo create globex/web reason=shop')
  expect(seen(await card(/Needs[\s\S]*globex\/web/))).not.toContain('can create repositories')
})

test('Quay does not tell: the request is made without it', async () => {
  const { alice, quay, card } = await startRequests({ operations: ['permission grant'] as [string], approvers: ['U0DORA'] as never })
  quay.faults({ status: 500, match: 'GET /api/v1/repository/acme/shop/permissions/team/' })
  await alice.types('/quay permission grant acme/shop hana read reason=review')
  expect(seen(await card(/\*alice\* requests approval/))).not.toContain('permission or more')
})
