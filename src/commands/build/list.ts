import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField } from '../../command/common-fields.ts'
import { slice } from '../../command/slice-pages.ts'
import { shortId } from '../../core/short-id.ts'
import { slash } from '../../core/slash-command.ts'
import { listBuilds } from '../../quay/builds.ts'
import { bold, code, note } from '../../slack/blocks.ts'
import { listMessage } from '../../slack/lists/list.ts'
import { buildColumns, readersBuild } from '../../slack/views/build.ts'

export default command({
  summary: 'List builds',
  input: z.strictObject({ repository: repositoryField }),
  examples: ['build list acme/api'],
  aliases: ['building', 'still building', 'history', 'run list', 'run ls', 'list runs'],
  permissions: [{ permission: 'read', on: 'repository' }],
  run: async ({ quay, input: { repository }, page, rows }) => {
    // Quay has no pages of builds: the latest hundred are what it is asked for.
    const fetch = async () => ({ entries: (await listBuilds(quay, repository, { limit: 100 })).map(readersBuild), next: undefined })
    return { repository, first: page === undefined, ...(await slice({ page, size: rows, fetch })) }
  },
  view: ({ repository, entries, first }, t) =>
    listMessage(
      {
        headline: t(
          '{count, plural, =0 {{repository} has no builds.} other {{first, select, true {Latest builds of {repository}} other {Earlier builds of {repository}}}}}',
          {
            count: entries.length,
            first: String(first),
            repository: bold(repository),
          },
        ),
        rows: entries,
        columns: buildColumns(t),
        opens: ({ url }) => url,
        after:
          entries.length > 0
            ? [note(t('Details: {show}', { show: code(slash(`build show ${repository} ${shortId(entries[0]?.id ?? '')}`)) }))]
            : [note(t('Start a build with {start}.', { start: code(slash(`build start ${repository}`)) }))],
      },
      t,
    ),
})
