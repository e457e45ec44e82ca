import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField } from '../../command/common-fields.ts'
import { digestBehind } from '../../command/facts.ts'
import { nobodyKnows } from '../../command/run-with-retry.ts'
import { aMinute } from '../../core/durations.ts'
import { Failure } from '../../core/failure.ts'
import { slash } from '../../core/slash-command.ts'
import { tagName } from '../../quay/names.ts'
import { readBack } from '../../quay/read-back.ts'
import type { Quay } from '../../quay/registry.ts'
import { findTag, listTagHistory, readTag, restoreTag } from '../../quay/tags.ts'
import { code, message } from '../../slack/blocks.ts'
import { storedNote } from '../../slack/views/stored.ts'
import { shortDigest } from '../../slack/views/tag.ts'

export default command({
  summary: 'Restore a tag to a previous image',
  input: z.strictObject({
    repository: repositoryField,
    tag: tagName.meta({ title: 'Tag', in: 'repository' }).describe('Tag; it may be a deleted one'),
    digest: z
      .string()
      .trim()
      .regex(/^sha256:[0-9a-f]{64}$/, 'Enter a digest like sha256:… with its 64 characters')
      .optional()
      .meta({ title: 'Image digest' })
      .describe('Digest to restore (default: the previous image)'),
  }),
  examples: ['tag restore acme/api v1.0'],
  aliases: ['undo', 'rollback', 'roll back', 'revert', 'undo', 'recover', 'undelete', 'bring back'],
  permissions: [{ permission: 'write', on: 'repository' }],
  changes: {
    effects: ['overwrites'],
    // Once more would bring back what the lost attempt has replaced.
    facts: async ({ quay, input: { repository, tag, digest } }) => {
      const imageNow = await digestBehind(quay, repository, tag)
      return { image: digest ?? (await lastDigest(quay, repository, tag)), imageNow }
    },
    retry: async ({ quay, bot, input: { repository, tag, digest } }) => {
      const now = await findTag(quay, repository, tag)
      if (digest !== undefined) return now?.digest === digest ? { result: { repository, tag, digest, asAsked: true } } : undefined
      if (!now?.restored) return
      // Somebody may have restored it before: then only they can tell.
      if (bot.clock() - Date.parse(now.since ?? '') > aMinute) throw nobodyKnows(slash(`tag history ${repository}`))
      return { result: { repository, tag, digest: now.digest, asAsked: true } }
    },
  },
  run: async ({ quay, input: { repository, tag, digest } }) => {
    const wanted = digest ?? (await lastDigest(quay, repository, tag))
    await restoreTag(quay, repository, tag, wanted)
    const stored = await readBack(quay, wanted, async () => (await readTag(quay, repository, tag)).digest)
    return { repository, tag, digest: stored, asAsked: stored === wanted }
  },
  view: ({ repository, tag, digest, asAsked }, t) =>
    message(
      t('{image} points to {digest} again.', { image: code(`${repository}:${tag}`), digest: shortDigest(digest) }),
      ...storedNote(asAsked, t),
    ),
})

/** The newest that it does not stand for now. */
async function lastDigest(quay: Quay, repository: string, tag: string) {
  const [now, { tags }] = await Promise.all([findTag(quay, repository, tag), listTagHistory(quay, repository, { tag, limit: 100 })])
  const last = tags.find(({ digest }) => digest !== now?.digest)
  if (!last) throw new Failure('not_found', '{repository}:{tag} has no earlier image to restore.', { repository, tag })
  return last.digest
}
