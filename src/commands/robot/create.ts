import { z } from 'zod'
import { command } from '../../command/command.ts'
import { robotField } from '../../command/common-fields.ts'
import { escaped } from '../../core/markup.ts'
import { slash } from '../../core/slash-command.ts'
import { createRobot, refuseOwnRobot } from '../../quay/robots.ts'
import { code, message, note, section } from '../../slack/blocks.ts'
import { storedNote } from '../../slack/views/stored.ts'

export default command({
  summary: 'Create a robot account',
  help: 'Its token comes by direct message, where only you can reveal it. The robot account has no permissions until you use `permission grant` or `team add`.',
  input: z.strictObject({
    robot: robotField,
    description: z.string().max(255).default('').meta({ title: 'Description' }).describe('What it is for'),
  }),
  examples: ['robot create acme+ci', 'robot create acme+ci description="Pushes from CI"'],
  aliases: ['docker login', 'podman login', 'pull secret'],
  permissions: [{ permission: 'admin', on: 'robot' }],
  // A robot found afterwards may be somebody else's, and looking at it would hand out its token.
  changes: {
    effects: ['creates', 'reveals'],
    facts: { none: 'It makes something new, and Quay refuses a name that is taken.' },
    retry: 'never',
    manualCheck: ({ robot }) => `robot show ${robot}`,
  },
  run: async ({ quay, person, input: { robot, description } }) => {
    refuseOwnRobot(quay, robot, person.account)
    const { name, token, description: stored } = await createRobot(quay, robot, { description })
    return { name, token, description: stored, asAsked: quay.dryRunCalls !== undefined || stored === description }
  },
  reveals: ({ name, token }, { quay }) => ({
    what: { message: 'Token of robot account {robot}', values: { robot: name } },
    credentials: { token },
    context: { kind: 'robot', username: name, registry: new URL(quay.url).host },
  }),
  view: ({ name, description, asAsked }, t) =>
    message(
      t('Created robot account {robot}. Its token is in your direct messages.', { robot: code(name) }),
      ...(description ? [section(escaped(description))] : []),
      ...storedNote(asAsked, t),
      note(t('Grant it a permission with {command}.', { command: code(slash(`permission grant <repository> ${name} write`)) })),
    ),
})
