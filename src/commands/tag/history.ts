import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField } from '../../command/common-fields.ts'
import { tagName } from '../../quay/names.ts'
import { listTagHistory } from '../../quay/tags.ts'
import { bold, code, lines, message, moment, note } from '../../slack/blocks.ts'
import { shortDigest } from '../../slack/views/tag.ts'

export default command({
  summary: 'Show what the tags of a repository stood for',
  help: 'As far back as the namespace keeps deleted tags. A line that has ended can be brought back with _tag restore_.',
  input: z.strictObject({
    repository: repositoryField,
    tag: tagName.optional().meta({ of: 'tag', in: 'repository' }).describe('One tag; all of them when left out'),
  }),
  examples: ['tag history acme/api', 'tag history acme/api latest'],
  aliases: ['log', 'changes', 'revisions', 'versions'],
  permissions: [{ permission: 'read', on: 'repository' }],
  run: async ({ quay, input: { repository, tag }, page }) => {
    const { tags, next } = await listTagHistory(quay, repository, { tag, next: page })
    return { repository, entries: tags, next }
  },
  view: ({ repository, entries }, t) =>
    message(
      t('{count, plural, =0 {There is no such history in {repository}.} other {History of the tags of {repository}}}', {
        count: entries.length,
        repository: bold(repository),
      }),
      ...lines(
        entries.map(({ name, digest, since, until, restored }) =>
          t('• {tag} – {digest}, {restored, select, true {restored} other {set}} {since}{ended, select, true {, until {until}} other {}}', {
            tag: code(name),
            digest: shortDigest(digest),
            restored: String(restored),
            since: moment(Date.parse(since ?? '')),
            ended: String(until !== undefined),
            until: moment(Date.parse(until ?? '')),
          }),
        ),
      ),
      ...(entries.length > 0
        ? [note(t('Bring one back with {restore}.', { restore: code(`/quay tag restore ${repository} ${entries[0]?.name ?? ''}`) }))]
        : []),
    ),
})
