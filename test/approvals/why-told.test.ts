import { expect, test } from 'vitest'
import { isCi } from '../sized.ts'
import { seen, startRequests } from './start-requests.ts'

// Who is told of a request reads why it came to them: by name, by group, by what they are in Quay.

test('a group that the policy names, an admin of the namespace, and somebody named each read their own reason', async () => {
  const approvers = ['U0DORA', 'S0PLATFORM', 'quay:namespace-admin'] as never
  const { alice, bea, dora, notice } = await startRequests({ ask: 'always', approvers, escalate: undefined })
  await alice.types('/quay repo create acme/fresh reason=shop', 'acme-dev')
  expect(seen(await notice(dora, /requests approval/))).toContain(
    'You got this because the policy “new repositories” names you as an approver.',
  )
  expect(seen(await notice(bea, /requests approval/))).toContain('You got this because you are an admin of the namespace.')
})

test.runIf(isCi)('by group, and not by name', async () => {
  const { alice, dora, notice } = await startRequests({ approvers: ['S0PLATFORM'] as never, escalate: undefined })
  await alice.types('/quay repo create globex/web reason=shop')
  expect(seen(await notice(dora, /requests approval/))).toMatch(
    /You got this because you are in .*, which can approve by the policy “new repositories”\./,
  )
})

test.runIf(isCi)('as a superuser, who is neither named nor an admin there', async () => {
  const { alice, dora, notice } = await startRequests({ approvers: ['quay:superuser'] as never, escalate: undefined })
  await alice.types('/quay repo create globex/web reason=shop')
  expect(seen(await notice(dora, /requests approval/))).toContain('You got this because you are a Quay superuser.')
})
