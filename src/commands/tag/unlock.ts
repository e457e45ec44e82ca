import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField, tagField } from '../../command/common-fields.ts'
import { tagFacts } from '../../command/facts.ts'
import { ensureImmutability } from '../../quay/ensure-immutability.ts'
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
  run: async ({ quay, input: { repository, tag } }) => ({
    repository,
    tag,
    changed: await ensureImmutability(quay, repository, tag, 'mutable'),
  }),
  view: ({ repository, tag, changed }, t) =>
    message(
      t('{changed, select, yes {{image} is mutable again.} other {{image} is not immutable.}}', {
        changed: changed ? 'yes' : 'no',
        image: code(`${repository}:${tag}`),
      }),
    ),
})
