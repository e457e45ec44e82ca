import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField, tagField } from '../../command/common-fields.ts'
import { tagFacts } from '../../command/facts.ts'
import { slash } from '../../core/slash-command.ts'
import { ensureImmutability } from '../../quay/ensure-immutability.ts'
import { code, message, note } from '../../slack/blocks.ts'

export default command({
  summary: 'Make a tag immutable',
  help: 'The tag then can’t be moved or deleted. Anyone who can push can make a tag immutable; only a repository admin can make it mutable again. To make all tags that match a pattern immutable, use `immutability set`.',
  input: z.strictObject({ repository: repositoryField, tag: tagField }),
  examples: ['tag lock acme/api v1.0'],
  aliases: ['protect', 'freeze', 'immutable', 'pin', 'make immutable'],
  permissions: [{ permission: 'write', on: 'repository' }],
  calls: ['POST /repository/{repository}/immutabilitypolicy/'],
  changes: {
    effects: ['changes-limits'],
    facts: ({ quay, input: { repository, tag } }) => tagFacts(quay, repository, tag),
    retry: 'idempotent',
  },
  run: async ({ quay, input: { repository, tag } }) => ({
    repository,
    tag,
    changed: await ensureImmutability(quay, repository, tag, 'immutable'),
  }),
  view: ({ repository, tag, changed }, t) =>
    message(
      t('{changed, select, yes {{image} is now immutable.} other {{image} is already immutable.}}', {
        changed: changed ? 'yes' : 'no',
        image: code(`${repository}:${tag}`),
      }),
      note(t('A repository admin can undo this with {command}.', { command: code(slash(`tag unlock ${repository} ${tag}`)) })),
    ),
})
