import { z } from 'zod'
import { command } from '../../../command/command.ts'
import { repositoryField } from '../../../command/common-fields.ts'
import { daySpan, exportView, startExport } from '../../../surfaces/log-export/start.ts'

export default command({
  summary: 'Export usage logs of a repository as CSV',
  help: 'The file is sent by direct message, with up to 50,000 entries. For more, choose a shorter period.',
  input: z.strictObject({ repository: repositoryField, ...daySpan }),
  examples: ['logs export repo acme/api from=2026-11-01 to=2026-11-07'],
  aliases: ['repository'],
  permissions: [{ permission: 'admin', on: 'repository' }],
  private: true,
  run: ({ bot, person, input }) =>
    startExport(bot, person, { scope: 'repository', name: input.repository, from: input.from, to: input.to }),
  view: exportView,
})
