import { z } from 'zod'
import { command } from '../../command/command.ts'
import { robotField } from '../../command/common-fields.ts'
import { deleteRobot, findRobot, readRobot, readRobotPermissions, refuseOwnRobot } from '../../quay/robots.ts'
import { code, lines, message, moment, note } from '../../slack/blocks.ts'
import { robotPermissionLines } from '../../slack/views/permissions.ts'

export default command({
  summary: 'Delete a robot account',
  input: z.strictObject({ robot: robotField }),
  examples: ['robot delete acme+ci'],
  permissions: [{ permission: 'admin', on: 'robot' }],
  changes: {
    effects: ['destroys'],
    facts: 'preview',
    retry: async ({ quay, input: { robot } }) => ((await findRobot(quay, robot)) ? undefined : { result: { robot } }),
  },
  preview: {
    read: async ({ quay, person, input: { robot } }) => {
      refuseOwnRobot(quay, robot, person.account)
      const { lastAccessed, created, repositories } = await readRobot(quay, robot)
      const permissions = repositories && (await readRobotPermissions(quay, robot, repositories))
      return { robot, lastAccessed, created, permissions }
    },
    view: ({ robot, lastAccessed, permissions }, t) =>
      message(
        t('Delete robot account {robot}? Anything using it loses access immediately.', { robot: code(robot) }),
        note(
          t('{used, select, never {Never used.} other {Last used {moment}.}}', {
            used: lastAccessed ? 'once' : 'never',
            moment: moment(Date.parse(lastAccessed ?? '')),
          }),
        ),
        ...lines(robotPermissionLines(permissions, t)),
      ),
  },
  run: async ({ quay, input: { robot } }) => {
    await deleteRobot(quay, robot)
    return { robot }
  },
  view: ({ robot }, t) => message(t('Deleted robot account {robot}.', { robot: code(robot) })),
})
