import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField } from '../../command/common-fields.ts'
import { slice } from '../../command/slice-pages.ts'
import { shortId } from '../../core/short-id.ts'
import { slash } from '../../core/slash-command.ts'
import { listTriggers } from '../../quay/triggers.ts'
import { bold, code, note } from '../../slack/blocks.ts'
import { listMessage } from '../../slack/lists/list.ts'
import { asCode, asId, asMark, asText } from '../../slack/lists/values.ts'

export default command({
  summary: 'List build triggers',
  help: 'A trigger starts a build when code is pushed. New triggers are set up in the Quay web console, where you sign in to the code hosting service.',
  input: z.strictObject({ repository: repositoryField }),
  examples: ['trigger list acme/api'],
  aliases: ['connect github', 'connect gitlab', 'link github', 'show'],
  permissions: [{ permission: 'admin', on: 'repository' }],
  run: async ({ quay, input: { repository }, page, rows }) => {
    const fetch = async () => ({ entries: await listTriggers(quay, repository), next: undefined })
    return { repository, ...(await slice({ page, size: rows, fetch })) }
  },
  view: ({ repository, entries }, t) =>
    listMessage(
      {
        headline: t(
          '{count, plural, =0 {{repository} has no build triggers.} one {# build trigger of {repository}} other {# build triggers of {repository}}}',
          {
            count: entries.length,
            repository: bold(repository),
          },
        ),
        rows: entries,
        columns: [
          { name: 'build_trigger', title: t.plain('Build trigger'), value: ({ id }) => asId(id) },
          { name: 'service', title: t.plain('Service'), value: ({ service }) => asText(service) },
          { name: 'source', title: t.plain('Source'), value: ({ source }) => asCode(source) },
          { name: 'dockerfile', title: t.plain('Dockerfile'), value: ({ dockerfile }) => asCode(dockerfile) },
          {
            name: 'pull_robot',
            title: t.plain('Pull robot'),
            value: ({ pullRobot }) => asCode(pullRobot),
            said: (pullRobot) => t('pulls as {pullRobot}', { pullRobot }),
          },
          {
            name: 'state',
            title: t.plain('State'),
            none: t.plain('enabled'),
            value: ({ active, enabled }) => asMark(!active || !enabled, active ? t.plain('disabled') : t.plain('setup incomplete')),
            said: (state) => `*${state.markup}*`,
          },
        ],
        after: entries[0]
          ? [note(t('Run a trigger with {run}.', { run: code(slash(`trigger run ${repository} ${shortId(entries[0].id)}`)) }))]
          : [],
      },
      t,
    ),
})
