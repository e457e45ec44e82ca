import { z } from 'zod'
import { command } from '../../../command/command.ts'
import { dayFields, repositoryField } from '../../../command/common-fields.ts'
import { dayOf } from '../../../quay/dates.ts'
import { totalRepositoryLogs } from '../../../quay/log-totals.ts'
import { addedUp, totalsView } from '../../../slack/views/log-totals.ts'

export default command({
  summary: 'Summarize usage logs of a repository by event type',
  input: z.strictObject({ repository: repositoryField, ...dayFields }),
  examples: ['logs totals repo acme/api', 'logs totals repo acme/api from=2026-11-01 to=2026-11-07'],
  aliases: [
    'pulls per day',
    'pull statistics',
    'pull stats',
    'repository',
    'pull count',
    'how many pulls',
    'how many downloads',
    'how many pushes',
    'pulls',
    'downloads',
    'number of pulls',
    'push count',
    'how often',
    'count pulls',
  ],
  permissions: [{ permission: 'admin', on: 'repository' }],
  run: async ({ bot, quay, input: { repository, ...days } }) =>
    addedUp(await totalRepositoryLogs(quay, repository, { ...days, today: dayOf(bot.clock()) }), repository),
  view: totalsView,
})
