import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField } from '../../command/common-fields.ts'
import { slash } from '../../core/slash-command.ts'
import { tagName } from '../../quay/names.ts'
import { listTagHistory } from '../../quay/tags.ts'
import { bold, code, note } from '../../slack/blocks.ts'
import { listMessage } from '../../slack/lists/list.ts'
import { asCode, asMark, asMoment } from '../../slack/lists/values.ts'
import { asDigest, shortDigest } from '../../slack/views/tag.ts'

export default command({
  summary: 'Show tag history',
  help: 'Goes as far back as the namespace keeps deleted tags. Restore a replaced or deleted image with `tag restore`.',
  input: z.strictObject({
    repository: repositoryField,
    tag: tagName.optional().meta({ title: 'Tag', of: 'tag', in: 'repository' }).describe('One tag (default: all tags)'),
  }),
  examples: ['tag history acme/api', 'tag history acme/api latest'],
  aliases: ['log', 'pushed when', 'when was', 'when', 'last pushed', 'who moved', 'who pushed', 'changes', 'revisions', 'versions'],
  permissions: [{ permission: 'read', on: 'repository' }],
  run: async ({ quay, input: { repository, tag }, page, rows }) => {
    const { tags, next } = await listTagHistory(quay, repository, { tag, next: page, limit: rows })
    return { repository, tag, entries: tags, next }
  },
  view: ({ repository, tag, entries }, t) =>
    listMessage(
      {
        headline: t('{count, plural, =0 {{repository} has no tag history.} other {Tag history of {repository}}}', {
          count: entries.length,
          repository: bold(tag === undefined || entries.length > 0 ? repository : `${repository}:${tag}`),
        }),
        rows: entries,
        columns: [
          { name: 'tag', title: t.plain('Tag'), value: ({ name }) => asCode(name) },
          {
            name: 'digest',
            title: t.plain('Image'),
            value: ({ digest }) => asDigest(digest),
            said: (_, { digest }) => shortDigest(digest).markup,
          },
          {
            name: 'since',
            title: t.plain('Moved here (UTC)'),
            none: t.plain('unknown'),
            value: ({ since }) => asMoment(since),
            said: (since, { restored }) =>
              t('{restored, select, true {restored here} other {moved here}} {since}', { since, restored: String(restored) }),
          },
          { name: 'restored', title: t.plain('Restored'), value: ({ restored }) => asMark(restored, t.plain('restored')), said: () => '' },
          {
            name: 'until',
            title: t.plain('Replaced (UTC)'),
            none: t.plain('never'),
            value: ({ until }) => asMoment(until),
            said: (until) => t('replaced {until}', { until }),
          },
        ],
        opens: ({ name }) => `${repository}:${name}`,
        after:
          entries.length > 0
            ? [
                note(
                  t('Restore an earlier image with {restore}.', {
                    restore: code(slash(`tag restore ${repository} ${entries[0]?.name ?? ''}`)),
                  }),
                ),
              ]
            : [],
      },
      t,
    ),
})
