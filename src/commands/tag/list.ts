import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField } from '../../command/common-fields.ts'
import { pageOf } from '../../quay/repositories.ts'
import { listTags } from '../../quay/tags.ts'
import { link } from '../../slack/blocks.ts'
import { listMessage } from '../../slack/lists/list.ts'
import { tagColumns } from '../../slack/views/tag.ts'

export default command({
  summary: 'List tags',
  input: z.strictObject({
    repository: repositoryField,
    like: z.string().trim().min(1).max(128).optional().meta({ title: 'Name contains' }).describe('Part of the tag name'),
  }),
  examples: ['tag list acme/api', 'tag list acme/api like=v1.'],
  aliases: ['manifest unknown', 'tag not found', 'which digest', 'digest of', 'point to', 'search'],
  permissions: [{ permission: 'read', on: 'repository' }],
  run: async ({ quay, input: { repository, like }, page, rows }) => {
    const { tags, next } = await listTags(quay, repository, { like, next: page, limit: rows })
    return { repository, url: pageOf(quay, `${repository}?tab=tags`), like, entries: tags, next }
  },
  view: ({ repository, url, like, entries }, t) =>
    listMessage(
      {
        headline: t(
          '{count, plural, =0 {{filtered, select, true {No tag of {repository} has “{like}” in its name.} other {{repository} has no tags.}}} one {# tag of {repository}} other {# tags of {repository}}}',
          { count: entries.length, filtered: String(like !== undefined), like: like ?? '', repository: link(url, repository) },
        ),
        rows: entries,
        columns: tagColumns(t),
        opens: ({ name }) => `${repository}:${name}`,
      },
      t,
    ),
})
