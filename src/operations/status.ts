import { z } from 'zod'
import { operation } from '../operation.ts'
import { statusOf, statusView } from '../status.ts'

export default operation({
  summary: 'Whether Quay, Slack and the database are well, and what this registry offers',
  input: z.strictObject({}),
  examples: ['status'],
  needs: 'anyone',
  run: ({ bot }) => statusOf(bot),
  view: statusView,
})
