import { z } from 'zod'
import { operation } from '../../operation.ts'
import { shortName } from '../../quay/names.ts'
import { listRepositories } from '../../quay/repositories.ts'
import { readableIn } from '../../readable.ts'
import { bold, drawn, lines, link, message, moment } from '../../slack/blocks.ts'

export default operation({
  summary: 'List the repositories of a namespace',
  input: z.strictObject({ namespace: shortName.meta({ of: 'namespace' }).describe('An organisation, or the name of an account') }),
  examples: ['repo list acme'],
  // Quay lists to everybody what they may read; the bot's token reads all, so the list is cut to that.
  needs: 'linked',
  run: async ({ quay, person, input: { namespace }, page }) => {
    const [{ repositories, next }, mayRead] = await Promise.all([
      listRepositories(quay, namespace, page),
      readableIn(quay, person, namespace),
    ])
    return { namespace, repositories: repositories.filter(mayRead), next }
  },
  view: ({ namespace, repositories }, t) =>
    message(
      t('{count, plural, =0 {{namespace} has no repositories.} one {# repository in {namespace}} other {# repositories in {namespace}}}', {
        count: repositories.length,
        namespace: bold(namespace),
      }),
      ...lines(
        repositories.map(({ name, url, visibility, lastModified }) =>
          t('• {repository} – {visibility, select, public {public} other {private}}{pushed}', {
            repository: link(url, name),
            visibility,
            pushed: drawn(lastModified ? t(', last push {moment}', { moment: moment(Date.parse(lastModified)) }) : ''),
          }),
        ),
      ),
    ),
})
