import { z } from 'zod'
import { command } from '../../command/command.ts'
import { daySpan, exportView, startExport } from '../../surfaces/log-export/start.ts'

export default command({
  summary: 'Export usage logs of the registry as CSV',
  help: 'The file is sent by direct message, with up to 50,000 entries. For more, choose a shorter period.',
  input: z.strictObject(daySpan),
  examples: ['logs export from=2026-11-01 to=2026-11-07'],
  permissions: 'superuser',
  private: true,
  run: ({ bot, person, input }) => startExport(bot, person, { scope: 'registry', name: '', from: input.from, to: input.to }),
  view: exportView,
})
