import { afterAll, expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'

const { dora, alice } = await startBot({ until: afterAll })

test('help on a command that others begin with lists them too', async () => {
  const drawn = JSON.stringify((await dora.types('/quay help logs')).blocks)
  for (const command of ['logs export', 'logs namespace', 'logs totals repo']) expect(drawn).toContain(`/quay ${command}\``)
})

test('help says the object of a permission in words, and the values of a required choice', async () => {
  const start = JSON.stringify((await alice.types('/quay help build start')).blocks)
  expect(start).toContain('You need write permission on the repository and admin permission on the organization of the pull robot.')
  expect(JSON.stringify((await alice.types('/quay help robot show')).blocks)).toContain(
    'membership in the organization of the robot account',
  )
  expect(JSON.stringify((await alice.types('/quay help repo visibility')).blocks)).toContain('&lt;visibility: private | public&gt;')
  expect(JSON.stringify((await alice.types('/quay help break-glass')).blocks)).toContain('Only users that the policy names can run it.')
})

test('a command that always deletes needs approval always, and where nothing has a namespace nobody is its admin', async () => {
  const drawn = JSON.stringify((await alice.types('/quay help message delete')).blocks)
  expect(drawn).toContain('Approval is always required. 2 approvals are needed')
  expect(drawn).not.toContain('admins of the namespace')
})
