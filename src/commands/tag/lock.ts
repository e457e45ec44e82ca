import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField, tagField } from '../../command/common-fields.ts'
import { tagFacts } from '../../command/facts.ts'
import { Failure } from '../../core/failure.ts'
import { readBack } from '../../quay/read-back.ts'
import { readTag, setTagImmutability } from '../../quay/tags.ts'
import { bold, code, message, note } from '../../slack/blocks.ts'

export default command({
  summary: 'Let nobody move or delete a tag',
  help: 'It then stands for its image for good. Whoever may push can lock a tag; only an admin of the repository unlocks it. For all tags of a pattern use _immutability set_.',
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
  run: async ({ quay, input: { repository, tag } }) => {
    const { immutable } = await readTag(quay, repository, tag)
    if (!immutable) await setTagImmutability(quay, repository, tag, 'immutable')
    const stored = await readBack(quay, true, async () => (await readTag(quay, repository, tag)).immutable)
    if (!stored)
      throw new Failure('conflict', 'Quay answered that it is done, and yet {tag} of {repository} is not immutable.', { tag, repository })
    return { repository, tag, changed: !immutable }
  },
  view: ({ repository, tag, changed }, t) =>
    message(
      t(
        '{changed, select, yes {{tag} of {repository} can be neither moved nor deleted now.} other {{tag} of {repository} can be neither moved nor deleted already.}}',
        { changed: changed ? 'yes' : 'no', tag: code(tag), repository: bold(repository) },
      ),
      note(t('An admin undoes it with {command}.', { command: code(`/quay tag unlock ${repository} ${tag}`) })),
    ),
})
