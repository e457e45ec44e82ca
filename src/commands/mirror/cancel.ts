import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField } from '../../command/common-fields.ts'
import { mirrorFacts } from '../../command/facts.ts'
import { Failure } from '../../core/failure.ts'
import { slash } from '../../core/slash-command.ts'
import { cancelMirrorSync, findMirror } from '../../quay/mirrors.ts'
import { bold, code, message, note } from '../../slack/blocks.ts'

export default command({
  summary: 'Cancel a mirror sync',
  help: 'Images that are already copied stay. The mirror syncs again at its next scheduled time.',
  input: z.strictObject({ repository: repositoryField }),
  examples: ['mirror cancel acme/mc'],
  aliases: ['stop', 'abort', 'cancel sync', 'sync cancel', 'stop sync'],
  permissions: [{ permission: 'admin', on: 'repository' }],
  calls: ['POST /repository/{repository}/mirror/sync-cancel'],
  changes: {
    effects: ['overwrites'],
    facts: ({ quay, input: { repository } }) => mirrorFacts(quay, repository),
    retry: async ({ quay, input }) => ((await findMirror(quay, input.repository))?.status === 'cancel' ? { result: input } : undefined),
  },
  run: async ({ quay, input }) => {
    await cancelMirrorSync(quay, input.repository).catch((error) => {
      // The same answer when nothing runs and when it is no mirror (recorded: mirror-synccancel-none).
      if (error instanceof Failure && error.code === 'not_found')
        throw new Failure('not_found', '{repository} is not syncing.', input, {
          cause: error.cause,
        })
      throw error
    })
    return input
  },
  view: ({ repository }, t) =>
    message(
      t('Cancelled the sync of {repository}.', { repository: bold(repository) }),
      note(t('Disable the mirror with {edit}.', { edit: code(slash(`mirror edit ${repository} enabled=no`)) })),
    ),
})
