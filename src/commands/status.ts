import { z } from 'zod'
import { command } from '../command/command.ts'
import { statusOf, statusView } from '../surfaces/health.ts'

export default command({
  summary: 'Whether Quay, Slack and the database are well, and what this registry offers',
  input: z.strictObject({}),
  examples: ['status'],
  aliases: [
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
