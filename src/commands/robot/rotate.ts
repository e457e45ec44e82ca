import { z } from 'zod'
import { command } from '../../command/command.ts'
import { robotField } from '../../command/common-fields.ts'
import { sentences } from '../../core/lists.ts'
import { readRobot, refuseOwnRobot, rotateRobot } from '../../quay/robots.ts'
import { code, message, moment, note } from '../../slack/blocks.ts'

export default command({
  summary: 'Regenerate a robot account’s token',
  help: 'Anything using the old token loses access immediately. The new token comes by direct message, where only you can reveal it.',
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
    'docker login',
    'podman login',
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
        t('Regenerate the token of {robot}? The old token stops working immediately.', { robot: code(robot) }),
        note(
          sentences(t, [
            t('{used, select, never {Never used.} other {Last used {moment}.}}', {
              used: lastAccessed ? 'once' : 'never',
              moment: moment(Date.parse(lastAccessed ?? '')),
            }),
            repositories === undefined
              ? t('Quay does not show its direct permissions to Quaymaster.')
              : t(
                  '{count, plural, =0 {No direct permissions on repositories.} one {It has permission on # repository.} other {It has permissions on # repositories.}}',
                  { count: repositories },
                ),
          ]),
        ),
      ),
  },
  run: async ({ quay, input: { robot } }) => {
    const { name, token } = await rotateRobot(quay, robot)
    return { name, token }
  },
  reveals: ({ name, token }, { quay }) => ({
    what: { message: 'New token of robot account {robot}', values: { robot: name } },
    credentials: { token },
    context: { kind: 'robot', username: name, registry: new URL(quay.url).host },
  }),
  view: ({ name }, t) => message(t('Regenerated the token of {robot}. The new one is in your direct messages.', { robot: code(name) })),
})
