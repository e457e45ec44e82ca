import { z } from 'zod'
import { command } from '../command/command.ts'
import { statusOf, statusView } from '../surfaces/health.ts'

export default command({
  summary: 'Show the status of Quay, Slack and Quaymaster',
  input: z.strictObject({}),
  examples: ['status'],
  aliases: [
    'is the bot ok',
    'is the bot up',
    'is the bot down',
    'config check',
    'check config',
    'is it up',
    'is it down',
    'health',
    'ping',
    'version',
    'healthz',
    'about',
    'is quay up',
    'is quay down',
    'uptime',
    'registry status',
    '--version',
    '-v',
    'ステータス',
    '状態',
  ],
  permissions: 'anyone',
  run: ({ bot }) => statusOf(bot),
  view: statusView,
})
