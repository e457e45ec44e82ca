import { z } from 'zod'
import { command } from '../../command/command.ts'
import { robotField } from '../../command/common-fields.ts'
import { commas } from '../../core/commas.ts'
import { escaped } from '../../core/markup.ts'
import { sightOf } from '../../quay/members.ts'
import { namespaceOf } from '../../quay/names.ts'
import { readRobot, readRobotPermissions } from '../../quay/robots.ts'
import { code, fields, lines, message, moment, quoted } from '../../slack/blocks.ts'
import { robotPermissionLines } from '../../slack/views/permissions.ts'

export default command({
  summary: 'Show a robot account',
  help: 'The token is not shown; replace a lost one with `robot rotate`. Only organization admins see teams and repositories.',
  aliases: [
    'token',
    'credentials',
    'login',
    'password',
    'secret',
    'docker login',
    'podman login',
    'registry login',
    'login command',
    'docker config',
    'pull secret',
    'imagepullsecret',
  ],
  input: z.strictObject({ robot: robotField }),
  examples: ['robot show acme+ci'],
  permissions: [{ permission: 'member', on: 'robot' }],
  run: async ({ quay, person, input: { robot } }) => {
    const [found, { sees }] = await Promise.all([readRobot(quay, robot), sightOf(quay, person, namespaceOf(robot))])
    const { name, description, created, lastAccessed, teams, repositories } = found
    // Quay tells other members of the organisation no more than that there is such a robot.
    const permissions = sees === 'all' && repositories ? await readRobotPermissions(quay, robot, repositories) : undefined
    return { name, description, created, lastAccessed, reach: sees === 'all' ? { teams, permissions } : undefined }
  },
  view: ({ name, description, created, lastAccessed, reach }, t) =>
    message(
      t('Robot account {robot}', { robot: code(name) }),
      ...(description ? [quoted(description)] : []),
      fields(
        [t.plain('Created'), created ? moment(Date.parse(created)).markup : ''],
        [t.plain('Last used'), lastAccessed ? moment(Date.parse(lastAccessed)).markup : t('Never')],
        ...(reach ? [[t.plain('Teams'), reach.teams ? escaped(commas(t, reach.teams)) : t('not shown to Quaymaster')] as const] : []),
      ),
      ...(reach ? lines(robotPermissionLines(reach.permissions, t)) : []),
    ),
})
