import { z } from 'zod'
import { command } from '../../command/command.ts'
import { namespaceField } from '../../command/common-fields.ts'
import { slice } from '../../command/slice-pages.ts'
import { type ListedRepository, listRepositories } from '../../quay/repositories.ts'
import { type Readable, readableAmong } from '../../security/readable-repositories.ts'
import { bold, note, rawMarkup } from '../../slack/blocks.ts'
import { listMessage } from '../../slack/lists/list.ts'
import { asMoment, asSize, asText } from '../../slack/lists/values.ts'
import { storageChart } from '../../slack/views/charts.ts'

export default command({
  summary: 'List repositories',
  input: z.strictObject({ namespace: namespaceField }),
  examples: ['repo list acme'],
  aliases: ['catalog', 'ls', 'search'],
  // Quay lists to everybody what they may read; the bot's token reads all, so the list is cut to that.
  permissions: 'linked',
  run: async ({ bot, quay, person, input: { namespace }, page, rows }) => {
    let hidden: Readable<ListedRepository>['hidden']
    const fetch = async (token: string | undefined) => {
      const { repositories, next } = await listRepositories(quay, namespace, token)
      const read = await readableAmong({ cache: bot.cache, quay }, person, namespace, repositories)
      hidden = read.hidden
      return { entries: read.readable, next }
    }
    const shown = await slice({ page, size: rows, fetch })
    return { namespace, hidden: hidden?.sentence, ...shown }
  },
  view: ({ namespace, hidden, entries }, t) =>
    listMessage(
      {
        headline: hidden
          ? t(
              '{count, plural, =0 {No repositories in {namespace} that both you and Quaymaster can see.} other {Repositories in {namespace}}}',
              {
                count: entries.length,
                namespace: bold(namespace),
              },
            )
          : t('{count, plural, =0 {No repositories in {namespace} that you can see.} other {Repositories in {namespace}}}', {
              count: entries.length,
              namespace: bold(namespace),
            }),
        before: storageChart(entries, t),
        rows: entries,
        columns: [
          { name: 'repository', title: t.plain('Repository'), value: ({ name, url }) => asText(name, url) },
          {
            name: 'visibility',
            title: t.plain('Visibility'),
            value: ({ visibility }) => asText(t.plain('{visibility, select, public {public} other {private}}', { visibility })),
          },
          { name: 'size', title: t.plain('Size'), none: t.plain('not counted'), value: ({ size }) => asSize(size, t) },
          {
            name: 'last_push',
            title: t.plain('Last push (UTC)'),
            none: t.plain('nothing pushed yet'),
            saysNone: true,
            value: ({ lastModified }) => asMoment(lastModified),
            said: (moment) => t('last push {moment}', { moment }),
          },
        ],
        opens: ({ name }) => name,
        after: hidden ? [note(t('There may be more. {reason}', { reason: rawMarkup(t(hidden.message, hidden.values)) }))] : [],
      },
      t,
    ),
})
