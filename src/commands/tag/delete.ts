import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField, tagField } from '../../command/common-fields.ts'
import { Failure } from '../../core/failure.ts'
import { slash } from '../../core/slash-command.ts'
import { deleteTag, findTag, findTagPulls, readTag } from '../../quay/tags.ts'
import { code, fields, message, moment, note } from '../../slack/blocks.ts'
import { shortDigest, tagSize } from '../../slack/views/tag.ts'

export default command({
  summary: 'Delete a tag',
  help: 'The image stays as long as another tag points to it. The tag stays in the history for a while: restore it with `tag restore`.',
  input: z.strictObject({
    repository: repositoryField,
    tag: tagField,
  }),
  examples: ['tag delete acme/api v1.0'],
  aliases: ['untag', 'prune tag'],
  permissions: [{ permission: 'write', on: 'repository' }],
  changes: {
    effects: ['destroys'],
    facts: 'preview',
    retry: async ({ quay, input }) => ((await findTag(quay, input.repository, input.tag)) ? undefined : { result: input }),
  },
  preview: {
    read: async ({ quay, input: { repository, tag } }) => {
      const [found, pulls] = await Promise.all([readTag(quay, repository, tag), findTagPulls(quay, repository, tag).catch(unknown)])
      // Not how often it was pulled: a pull between looking and pressing changes nothing of what goes.
      const { name, size, since, digest, platforms } = found
      return { tag: { name, size, since, digest, platforms }, lastPull: pulls?.last?.slice(0, 10), repository }
    },
    view: ({ repository, tag, lastPull }, t) =>
      message(
        t('Delete {image}?', { image: code(`${repository}:${tag.name}`) }),
        fields(
          [t.plain('Image'), shortDigest(tag.digest).markup],
          [t.plain('Size'), tagSize(tag, t)],
          [t.plain('Last modified'), moment(Date.parse(tag.since ?? '')).markup],
          [t.plain('Last pull'), lastPull ? lastPull : t('Unknown')],
        ),
      ),
  },
  run: async ({ quay, input }) => {
    await deleteTag(quay, input.repository, input.tag)
    return input
  },
  view: ({ repository, tag }, t) =>
    message(
      t('Deleted {image}.', { image: code(`${repository}:${tag}`) }),
      note(t('Restore it with {restore}.', { restore: code(slash(`tag restore ${repository} ${tag}`)) })),
    ),
})

/** A registry that does not count pulls. */
function unknown(error: unknown) {
  if (error instanceof Failure && error.code === 'conflict') return undefined
  throw error
}
