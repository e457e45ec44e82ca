import { z } from 'zod'
import { filtered, logView } from '../draw/log-page.ts'
import { operation } from '../operation.ts'
import { listRegistryLogs } from '../quay/logs.ts'

export default operation({
  summary: 'Show the usage logs of the registry',
  help: 'Without days Quay shows yesterday and today. Twenty entries are a page; *Older* and *Newer* turn it.',
  input: z.strictObject({
    actor: z.string().max(255).optional().meta({ of: 'user' }).describe('Only what this account or robot did'),
    kind: z.string().max(100).optional().describe('Only this kind, in Quay’s word, such as push_repo'),
    from: z.iso.date().optional().describe('From this day on (UTC)'),
    to: z.iso.date().optional().describe('Up to and with this day (UTC)'),
  }),
  examples: ['logs', 'logs from=2026-11-01 to=2026-11-07', 'logs actor=alice kind=push_repo'],
  needs: 'superuser',
  run: async ({ quay, input: { actor, kind, from, to }, page }) =>
    filtered(await listRegistryLogs(quay, { from, to, next: page }), { actor, kind }),
  view: logView,
})
