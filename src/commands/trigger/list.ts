import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField } from '../../command/common-fields.ts'
import { slice } from '../../command/slice-pages.ts'
import { listTriggers } from '../../quay/triggers.ts'
import { bold, code, lines, message, note } from '../../slack/blocks.ts'
import { triggerLine } from '../../slack/views/trigger.ts'

export default command({
  summary: 'List build triggers',
  help: 'A trigger starts a build when code is pushed. New triggers are set up in the Quay web console, where you sign in to the code hosting service.',
  input: z.strictObject({ repository: repositoryField }),
  examples: ['trigger list acme/api'],
  aliases: ['connect github', 'connect gitlab', 'link github', 'show'],
  permissions: [{ permission: 'admin', on: 'repository' }],
  run: async ({ quay, input: { repository }, page }) => {
    const fetch = async () => ({ entries: await listTriggers(quay, repository), next: undefined })
    return { repository, ...(await slice({ page, size: 20, fetch })) }
  },
  view: ({ repository, entries }, t) =>
    message(
      t(
        '{count, plural, =0 {{repository} has no build triggers.} one {# build trigger of {repository}} other {# build triggers of {repository}}}',
        {
          count: entries.length,
          repository: bold(repository),
        },
      ),
      ...lines(entries.map((trigger) => triggerLine(trigger, t))),
      ...(entries[0] ? [note(t('Run a trigger with {run}.', { run: code(`/quay trigger run ${repository} ${entries[0].id}`) }))] : []),
    ),
})
