import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField, tagField } from '../../command/common-fields.ts'
import { tagFacts } from '../../command/facts.ts'
import { Failure } from '../../core/failure.ts'
import { readBack } from '../../quay/read-back.ts'
import { readTag, setTagImmutability } from '../../quay/tags.ts'
import { code, message } from '../../slack/blocks.ts'

export default command({
  summary: 'Make a tag mutable again',
  input: z.strictObject({ repository: repositoryField, tag: tagField }),
  examples: ['tag unlock acme/api v1.0'],
  aliases: ['unprotect', 'unfreeze', 'mutable', 'unpin', 'make mutable'],
  // Locking takes write, unlocking admin (test/recorded/quay/rights-matrix.json: tag.put.immutable_off).
  permissions: [{ permission: 'admin', on: 'repository' }],
  calls: ['POST /repository/{repository}/immutabilitypolicy/'],
  changes: {
    effects: ['changes-limits'],
    facts: ({ quay, input: { repository, tag } }) => tagFacts(quay, repository, tag),
    retry: 'idempotent',
  },
  run: async ({ quay, input: { repository, tag } }) => {
    const { immutable } = await readTag(quay, repository, tag)
    if (immutable) await setTagImmutability(quay, repository, tag, 'mutable')
    const stored = await readBack(quay, false, async () => (await readTag(quay, repository, tag)).immutable)
    if (stored) throw new Failure('conflict', 'Quay reported success, but {repository}:{tag} is still immutable.', { tag, repository })
    return { repository, tag, changed: immutable }
  },
  view: ({ repository, tag, changed }, t) =>
    message(
      t('{changed, select, yes {{image} is mutable again.} other {{image} is not immutable.}}', {
        changed: changed ? 'yes' : 'no',
        image: code(`${repository}:${tag}`),
      }),
    ),
})
