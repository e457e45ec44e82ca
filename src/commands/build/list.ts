import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField } from '../../command/common-fields.ts'
import { slice } from '../../command/slice-pages.ts'
import { listBuilds } from '../../quay/builds.ts'
import { bold, code, lines, message, note } from '../../slack/blocks.ts'
import { buildLine, readersBuild } from '../../slack/views/build.ts'

export default command({
  summary: 'List builds',
  input: z.strictObject({ repository: repositoryField }),
  examples: ['build list acme/api'],
  aliases: ['building', 'still building', 'history'],
  permissions: [{ permission: 'read', on: 'repository' }],
  run: async ({ quay, input: { repository }, page }) => {
    // Quay has no pages of builds: the latest hundred are what it is asked for.
    const fetch = async () => ({ entries: (await listBuilds(quay, repository, { limit: 100 })).map(readersBuild), next: undefined })
    return { repository, first: page === undefined, ...(await slice({ page, size: 20, fetch })) }
  },
  view: ({ repository, entries, first }, t) =>
    message(
      t(
        '{count, plural, =0 {{repository} has no builds.} other {{first, select, true {Latest builds of {repository}} other {Earlier builds of {repository}}}}}',
        {
          count: entries.length,
          first: String(first),
          repository: bold(repository),
        },
      ),
      ...lines(entries.map((build) => buildLine(build, t))),
      ...(entries.length > 0
        ? [note(t('Details: {show}', { show: code(`/quay build show ${repository} ${entries[0]?.id ?? ''}`) }))]
        : [note(t('Start a build with {start}.', { start: code(`/quay build start ${repository}`) }))]),
    ),
})
