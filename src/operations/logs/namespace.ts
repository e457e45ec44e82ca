import { z } from 'zod'
import { filtered, logView } from '../../draw/log-page.ts'
import { operation } from '../../operation.ts'
import { listNamespaceLogs } from '../../quay/logs.ts'
import { shortName } from '../../quay/names.ts'

export default operation({
  summary: 'Show the usage logs of an organisation',
  help: 'Without days Quay shows yesterday and today. Twenty entries are a page; *Older* and *Newer* turn it.',
  input: z.strictObject({
    namespace: shortName.meta({ of: 'namespace' }).describe('The organisation'),
    actor: z.string().max(255).optional().meta({ of: 'user' }).describe('Only what this account or robot did'),
    kind: z.string().max(100).optional().describe('Only this kind, in Quay’s word, such as push_repo'),
    from: z.iso.date().optional().describe('From this day on (UTC)'),
    to: z.iso.date().optional().describe('Up to and with this day (UTC)'),
  }),
  examples: ['logs namespace acme', 'logs namespace acme actor=acme+ci from=2026-11-01'],
  needs: [{ right: 'admin', on: 'namespace' }],
  run: async ({ quay, input: { namespace, actor, kind, from, to }, page }) =>
    filtered(await listNamespaceLogs(quay, namespace, { from, to, performer: actor, next: page }), { kind }, namespace),
  view: logView,
})
