import { z } from 'zod'
import { command } from '../command/command.ts'
import { logFields } from '../command/common-fields.ts'
import { listRegistryLogs } from '../quay/logs.ts'
import { withPeople } from '../security/done-for.ts'
import { filtered, logView } from '../slack/views/log-page.ts'

export default command({
  summary: 'Show usage logs of the registry',
  help: 'Default: yesterday and today. Each page has 20 entries; use *Older* and *Newer* to change pages.',
  input: z.strictObject({
    ...logFields,
  }),
  examples: ['logs', 'logs from=2026-11-01 to=2026-11-07', 'logs actor=alice kind=push_repo'],
  aliases: [
    'failed logins',
    'logins',
    'registry logs',
    'logs registry',
    'usage logs registry',
    'registry usage logs',
    'registry log',
    'global logs',
    'system logs',
  ],
  permissions: 'superuser',
  run: async ({ bot, quay, input: { actor, kind, from, to }, page }) =>
    withPeople(bot, filtered(await listRegistryLogs(quay, { from, to, next: page }), { actor, kind })),
  view: logView,
})
