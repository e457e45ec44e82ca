import { z } from 'zod'
import { command } from '../../command/command.ts'
import { logFields } from '../../command/common-fields.ts'
import { listNamespaceLogs } from '../../quay/logs.ts'
import { shortName } from '../../quay/names.ts'
import { withPeople } from '../../security/done-for.ts'
import { filtered, logView } from '../../slack/views/log-page.ts'

export default command({
  summary: 'Show usage logs of an organization',
  help: 'Default: yesterday and today. Each page has 20 entries; use *Older* and *Newer* to change pages.',
  input: z.strictObject({
    namespace: shortName.meta({ title: 'Organization', of: 'namespace' }).describe('Name of the organization, e.g. acme'),
    ...logFields,
  }),
  examples: ['logs namespace acme', 'logs namespace acme actor=acme+ci from=2026-11-01'],
  aliases: ['org', 'organization', 'organisation', 'ns', 'orgs'],
  permissions: [{ permission: 'admin', on: 'namespace' }],
  run: async ({ bot, quay, input: { namespace, actor, kind, from, to }, page }) =>
    withPeople(bot, filtered(await listNamespaceLogs(quay, namespace, { from, to, performer: actor, next: page }), { kind }, namespace)),
  view: logView,
})
