import { z } from 'zod'
import { command } from '../../../command/command.ts'
import { dayFields } from '../../../command/common-fields.ts'
import { dayOf } from '../../../quay/dates.ts'
import { totalNamespaceLogs } from '../../../quay/log-totals.ts'
import { shortName } from '../../../quay/names.ts'
import { addedUp, totalsView } from '../../../slack/views/log-totals.ts'

export default command({
  summary: 'Summarize usage logs of an organization by event type',
  input: z.strictObject({
    namespace: shortName.meta({ title: 'Organization', of: 'namespace' }).describe('Name of the organization, e.g. acme'),
    ...dayFields,
  }),
  examples: ['logs totals namespace acme', 'logs totals namespace acme from=2026-11-01 to=2026-11-07'],
  aliases: ['top repos', 'most pulled', 'busiest repos', 'org', 'organization', 'organisation', 'ns'],
  permissions: [{ permission: 'admin', on: 'namespace' }],
  run: async ({ bot, quay, input: { namespace, ...days } }) =>
    addedUp(await totalNamespaceLogs(quay, namespace, { ...days, today: dayOf(bot.clock()) }), namespace),
  view: totalsView,
})
