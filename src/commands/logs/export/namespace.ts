import { z } from 'zod'
import { command } from '../../../command/command.ts'
import { shortName } from '../../../quay/names.ts'
import { daySpan, exportView, startExport } from '../../../surfaces/log-export/start.ts'

export default command({
  summary: 'Send the usage logs of an organisation as a CSV file',
  help: 'The file comes by direct message, with up to 50,000 entries: beyond that narrow the days.',
  input: z.strictObject({ namespace: shortName.meta({ of: 'namespace' }).describe('The organisation'), ...daySpan }),
  examples: ['logs export namespace acme from=2026-11-01 to=2026-11-07'],
  aliases: ['org', 'organization', 'organisation', 'ns'],
  permissions: [{ permission: 'admin', on: 'namespace' }],
  private: true,
  run: ({ bot, person, input }) => startExport(bot, person, { scope: 'namespace', name: input.namespace, from: input.from, to: input.to }),
  view: exportView,
})
