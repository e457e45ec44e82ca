import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField } from '../../command/common-fields.ts'
import { digestBehind } from '../../command/facts.ts'
import { fieldProblem } from '../../core/field-problem.ts'
import { slash } from '../../core/slash-command.ts'
import { tagName } from '../../quay/names.ts'
import { readBack } from '../../quay/read-back.ts'
import type { Quay } from '../../quay/registry.ts'
import { findTag, moveTag, readTag } from '../../quay/tags.ts'
import { code, message, note } from '../../slack/blocks.ts'
import { storedNote } from '../../slack/views/stored.ts'
import { shortDigest } from '../../slack/views/tag.ts'

export default command({
  summary: 'Move a tag to another image, or create a tag',
  help: 'The previous image stays in the tag history for a while: restore it with `tag restore`.',
  input: z.strictObject({
    repository: repositoryField,
    tag: tagName.meta({ title: 'Tag', of: 'tag', in: 'repository' }).describe('Tag to move or create'),
    to: z
      .string()
      .trim()
      .max(200)
      .regex(/^(sha256:[0-9a-f]{64}|\w[\w.-]{0,127})$/, 'Enter a tag, or a digest like sha256:… with its 64 characters')
      .meta({ title: 'Source tag or digest', of: 'tag', in: 'repository' })
      .describe('Tag or digest that it will point to'),
  }),
  examples: ['tag move acme/api latest v1.1'],
  aliases: [
    'deploy',
    'release',
    'ship',
    'retag',
    'set',
    'add',
    'create',
    'promote',
    'copy',
    'cp',
    'mv',
    'point',
    'assign',
    'update',
    'new',
    'tag',
    'change',
    'repoint',
  ],
  permissions: [{ permission: 'write', on: 'repository' }],
  changes: {
    effects: ['overwrites'],
    facts: async ({ quay, input: { repository, tag, to } }) => {
      const [image, imageNow] = await Promise.all([
        to.startsWith('sha256:') ? to : digestBehind(quay, repository, to),
        digestBehind(quay, repository, tag),
      ])
      return { image, imageNow }
    },
    retry: 'idempotent',
  },
  run: async ({ quay, input: { repository, tag, to } }) => {
    const [wanted, before] = await Promise.all([digestOf(quay, repository, to), findTag(quay, repository, tag)])
    await moveTag(quay, repository, tag, wanted)
    const digest = await readBack(quay, wanted, async () => (await readTag(quay, repository, tag)).digest)
    return { repository, tag, to, digest, before: before?.digest, asAsked: digest === wanted }
  },
  view: ({ repository, tag, to, digest, before, asAsked }, t) =>
    message(
      t('{asAsked, select, true {{image} now points to {to} ({digest}).} other {{image} points to {digest}.}}', {
        asAsked: String(asAsked),
        image: code(`${repository}:${tag}`),
        to: code(to),
        digest: shortDigest(digest),
      }),
      ...storedNote(asAsked, t),
      ...(before
        ? [
            note(
              t('It pointed to {before}. Undo: {restore}', {
                before: shortDigest(before),
                restore: code(slash(`tag restore ${repository} ${tag} ${before}`)),
              }),
            ),
          ]
        : []),
    ),
})

async function digestOf(quay: Quay, repository: string, to: string) {
  if (to.startsWith('sha256:')) return to
  const found = await findTag(quay, repository, to)
  if (!found) throw fieldProblem('to', '{repository} has no tag {tag}.', { repository, tag: to })
  return found.digest
}
