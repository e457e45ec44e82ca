import { z } from 'zod'
import { command } from '../../../command/command.ts'
import { shortName } from '../../../quay/names.ts'
import { daySpan, exportView, startExport } from '../../../surfaces/log-export/start.ts'

export default command({
  summary: 'Export usage logs of an organization as CSV',
  help: 'The file is sent by direct message, with up to 50,000 entries. For more, choose a shorter period.',
  input: z.strictObject({
    namespace: shortName.meta({ title: 'Organization', of: 'namespace' }).describe('Name of the organization, e.g. acme'),
    ...daySpan,
  }),
  examples: ['logs export namespace acme from=2026-11-01 to=2026-11-07'],
  aliases: ['org', 'organization', 'organisation', 'ns'],
  permissions: [{ permission: 'admin', on: 'namespace' }],
  private: true,
  run: ({ bot, person, input }) => startExport(bot, person, { scope: 'namespace', name: input.namespace, from: input.from, to: input.to }),
  view: exportView,
})
