import { z } from 'zod'
import { operation } from '../command/command.ts'
import { statusOf, statusView } from '../surfaces/health.ts'

export default operation({
  summary: 'Whether Quay, Slack and the database are well, and what this registry offers',
  input: z.strictObject({}),
  examples: ['status'],
  needs: 'anyone',
  run: ({ bot }) => statusOf(bot),
  view: statusView,
})
