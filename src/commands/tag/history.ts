import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField } from '../../command/common-fields.ts'
import { tagName } from '../../quay/names.ts'
import { listTagHistory } from '../../quay/tags.ts'
import { bold, code, lines, message, moment, note } from '../../slack/blocks.ts'
import { shortDigest } from '../../slack/views/tag.ts'

export default command({
  summary: 'Show tag history',
  help: 'As far back as the namespace keeps deleted tags. Restore a replaced or deleted image with _tag restore_.',
  input: z.strictObject({
    repository: repositoryField,
    tag: tagName.optional().meta({ title: 'Tag', of: 'tag', in: 'repository' }).describe('One tag (default: all tags)'),
  }),
  examples: ['tag history acme/api', 'tag history acme/api latest'],
  aliases: ['log', 'pushed when', 'when was', 'when', 'last pushed', 'who moved', 'who pushed', 'changes', 'revisions', 'versions'],
  permissions: [{ permission: 'read', on: 'repository' }],
  run: async ({ quay, input: { repository, tag }, page }) => {
    const { tags, next } = await listTagHistory(quay, repository, { tag, next: page })
    return { repository, entries: tags, next }
  },
  view: ({ repository, entries }, t) =>
    message(
      t('{count, plural, =0 {{repository} has no tag history.} other {Tag history of {repository}}}', {
        count: entries.length,
        repository: bold(repository),
      }),
      ...lines(
        entries.map(({ name, digest, since, until, restored }) =>
          t(
            '• {tag} – {digest}, {restored, select, true {restored here} other {moved here}} {since}{ended, select, true {, replaced {until}} other {}}',
            {
              tag: code(name),
              digest: shortDigest(digest),
              restored: String(restored),
              since: moment(Date.parse(since ?? '')),
              ended: String(until !== undefined),
              until: moment(Date.parse(until ?? '')),
            },
          ),
        ),
      ),
      ...(entries.length > 0
        ? [
            note(
              t('Restore an earlier image with {restore}.', { restore: code(`/quay tag restore ${repository} ${entries[0]?.name ?? ''}`) }),
            ),
          ]
        : []),
    ),
})
