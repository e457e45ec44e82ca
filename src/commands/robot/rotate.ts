import { z } from 'zod'
import { command } from '../../command/command.ts'
import { robotField } from '../../command/common-fields.ts'
import { readRobot, refuseOwnRobot, rotateRobot } from '../../quay/robots.ts'
import { code, message, moment, note } from '../../slack/blocks.ts'

export default command({
  summary: 'Give a robot a new token',
  help: 'Whatever uses the old token is shut out at once. The new one comes by direct message, where only you can reveal it.',
  input: z.strictObject({ robot: robotField }),
  examples: ['robot rotate acme+ci'],
  aliases: [
    'regenerate',
    'renew',
    'regen',
    'refresh',
    'reset',
    'new token',
    'regenerate token',
    'rotate token',
    'reset token',
    'token',
    'new password',
    'change token',
    'roll',
  ],
  permissions: [{ permission: 'admin', on: 'robot' }],
  // Once more would shut out whoever has the token of the attempt that was lost.
  changes: { effects: ['overwrites', 'reveals'], facts: 'preview', retry: 'never', manualCheck: ({ robot }) => `robot show ${robot}` },
  preview: {
    read: async ({ quay, person, input: { robot } }) => {
      refuseOwnRobot(quay, robot, person.account)
      const found = await readRobot(quay, robot)
      return { robot, created: found.created, lastAccessed: found.lastAccessed, repositories: found.repositories?.length }
    },
    view: ({ robot, lastAccessed, repositories }, t) =>
      message(
        t('Give {robot} a new token? The old one stops working at once.', { robot: code(robot) }),
        note(
          t(
            '{used, select, never {It was never used.} other {Last used {moment}.}} {known, select, yes {{count, plural, =0 {It has no permission of its own on any repository.} one {It has a permission on # repository.} other {It has permissions on # repositories.}}} other {Its own permissions are not shown to Quaymaster.}}',
            {
              used: lastAccessed ? 'once' : 'never',
              moment: moment(Date.parse(lastAccessed ?? '')),
              known: repositories === undefined ? 'no' : 'yes',
              count: repositories ?? 0,
            },
          ),
        ),
      ),
  },
  run: async ({ quay, input: { robot } }) => {
    const { name, token } = await rotateRobot(quay, robot)
    return { name, token }
  },
  reveals: ({ name, token }, { quay }) => ({
    what: { message: 'New token of the robot {robot}', values: { robot: name } },
    credentials: { token },
    context: { kind: 'robot', username: name, registry: new URL(quay.url).host },
  }),
  view: ({ name }, t) => message(t('{robot} has a new token. It waits for you in a direct message.', { robot: code(name) })),
})
