import { z } from 'zod'
import { command } from '../../command/command.ts'
import { namespaceField } from '../../command/common-fields.ts'
import { slice } from '../../command/slice-pages.ts'
import { listRepositories } from '../../quay/repositories.ts'
import { visibleRepositories } from '../../security/readable-repositories.ts'
import { bold, lines, link, message, moment, note, rawMarkup } from '../../slack/blocks.ts'

export default command({
  summary: 'List repositories',
  input: z.strictObject({ namespace: namespaceField }),
  examples: ['repo list acme'],
  aliases: ['ls', 'search'],
  // Quay lists to everybody what they may read; the bot's token reads all, so the list is cut to that.
  permissions: 'linked',
  run: async ({ bot, quay, person, input: { namespace }, page }) => {
    const { reads, hidden } = await visibleRepositories({ cache: bot.cache, quay }, person, namespace)
    const fetch = async (token: string | undefined) => {
      const { repositories, next } = await listRepositories(quay, namespace, token)
      return { entries: repositories.filter(reads), next }
    }
    return { namespace, hidden: hidden?.sentence, ...(await slice({ page, size: 20, fetch })) }
  },
  view: ({ namespace, hidden, entries }, t) =>
    message(
      hidden
        ? t(
            '{count, plural, =0 {Quay shows Quaymaster no repositories in {namespace} that you can see.} other {Repositories in {namespace}}}',
            {
              count: entries.length,
              namespace: bold(namespace),
            },
          )
        : t('{count, plural, =0 {No repositories in {namespace} that you can see.} other {Repositories in {namespace}}}', {
            count: entries.length,
            namespace: bold(namespace),
          }),
      ...lines(
        entries.map(({ name, url, visibility, lastModified }) =>
          t(
            '• {repository} – {visibility, select, public {public} other {private}}, {pushed, select, never {nothing pushed yet} other {last push {moment}}}',
            {
              repository: link(url, name),
              visibility,
              pushed: lastModified ? 'once' : 'never',
              moment: moment(Date.parse(lastModified ?? '')),
            },
          ),
        ),
      ),
      ...(hidden ? [note(t('There may be more. {reason}', { reason: rawMarkup(t(hidden.message, hidden.values)) }))] : []),
    ),
})
