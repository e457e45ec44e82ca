import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField } from '../../command/common-fields.ts'
import type { Quay } from '../../quay/registry.ts'
import { deleteRepository, findRepository, readRepository } from '../../quay/repositories.ts'
import { findTagPulls, listTags, type Tag } from '../../quay/tags.ts'
import { code, fields, link, message, moment, note } from '../../slack/blocks.ts'
import { sizeText } from '../../slack/views/size.ts'

// One page of Quay's: what has more tags than this is described by its newest ones.
const tagsRead = 100
// Each costs a request, and whoever pulls at all pulls one of the newest.
const pullsRead = 5

export default command({
  summary: 'Delete a repository and all its images',
  input: z.strictObject({ repository: repositoryField }),
  examples: ['repo delete acme/legacy'],
  permissions: [{ permission: 'admin', on: 'repository' }],
  changes: {
    effects: ['destroys'],
    facts: 'preview',
    retry: async ({ quay, input: { repository } }) => ((await findRepository(quay, repository)) ? undefined : { result: { repository } }),
  },
  preview: {
    read: async ({ quay, input: { repository } }) => {
      const { url, visibility, state, mark } = await readRepository(quay, repository)
      const { tags, next } = await listTags(quay, repository, { limit: tagsRead })
      const images = new Map(tags.map((tag) => [tag.digest, tag.size ?? 0]))
      return {
        repository,
        url,
        visibility,
        state,
        mark: mark ?? 'public',
        tags: tags.length,
        more: next !== undefined,
        size: [...images.values()].reduce((sum, size) => sum + size, 0),
        lastPush: latest(tags.map(({ since }) => since)),
        lastPull: await lastPull(quay, repository, tags),
      }
    },
    view: ({ repository, url, visibility, state, tags, more, size, lastPush, lastPull }, t) =>
      message(
        t('Permanently delete {repository}?', { repository: link(url, repository) }),
        fields(
          [
            t.plain('Tags'),
            t('{count, plural, =0 {None} other {{more, select, yes {More than {count}} other {{count}}}}}', {
              count: tags,
              more: more ? 'yes' : 'no',
            }),
          ],
          [
            t.plain('Size'),
            t('{more, select, yes {More than {size}} other {{size}}}', { size: sizeText(size, t), more: more ? 'yes' : 'no' }),
          ],
          [t.plain('Last push'), lastPush ? moment(Date.parse(lastPush)).markup : t('Never')],
          [t.plain('Last pull'), lastPull ? moment(Date.parse(lastPull)).markup : t('Unknown')],
          [t.plain('Visibility'), t('{visibility, select, public {Public: anyone can pull} other {Private}}', { visibility })],
          [
            t.plain('State'),
            t(
              '{state, select, mirror {Mirror: synced by Quay} orgmirror {Organization mirror: synced by Quay} readonly {Read-only} unknown {Unknown state of a newer Quay release} other {Normal}}',
              { state: state.replace('-', '') },
            ),
          ],
        ),
        note(t('All its content is deleted for everyone. Quay can’t restore it.')),
      ),
  },
  run: async ({ quay, input: { repository } }) => {
    // Quay says of a repository that does not exist that it was deleted.
    await readRepository(quay, repository)
    await deleteRepository(quay, repository)
    return { repository }
  },
  view: ({ repository }, t) => message(t('Deleted {repository}.', { repository: code(repository) })),
})

function latest(times: (string | undefined)[]) {
  return times
    .filter((time) => time !== undefined)
    .toSorted()
    .at(-1)
}

/** Undefined where the registry does not count pulls, and where nobody ever pulled. */
async function lastPull(quay: Quay, repository: string, tags: Tag[]) {
  if (!quay.capabilities.offers('/repository/{repository}/tag/{tag}/pull_statistics', 'GET')) return undefined
  const pulls = await Promise.all(tags.slice(0, pullsRead).map(({ name }) => findTagPulls(quay, repository, name)))
  return latest(pulls.map((one) => one?.last))
}
