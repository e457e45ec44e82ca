import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField } from '../../command/common-fields.ts'
import { mirrorFacts } from '../../command/facts.ts'
import { slash } from '../../core/slash-command.ts'
import { findMirrorLoss } from '../../quay/mirror-loss.ts'
import { readMirror, syncMirror } from '../../quay/mirrors.ts'
import { bold, code, message, note } from '../../slack/blocks.ts'
import { mirrorLossView } from '../../slack/views/mirror-loss.ts'

export default command({
  summary: 'Sync a mirror now',
  help: 'Also works for a disabled mirror.',
  input: z.strictObject({ repository: repositoryField }),
  examples: ['mirror sync acme/mc'],
  aliases: ['run', 'sync now', 'start', 'trigger', 'now', 'refresh', 'pull', 'resync', 'force sync', 'import-image'],
  permissions: [{ permission: 'admin', on: 'repository' }],
  calls: ['POST /repository/{repository}/mirror/sync-now'],
  changes: {
    effects: ['overwrites', 'destroys'],
    facts: ({ quay, input: { repository } }) => mirrorFacts(quay, repository),
    retry: 'idempotent',
  },
  preview: {
    // A mirror that has run has brought what is there, but for what somebody pushed while it was none.
    read: async ({ quay, input: { repository } }) => {
      const { reference, tags, status } = await readMirror(quay, repository)
      const loss = await findMirrorLoss(quay, repository, tags)
      const isWorthALook = loss !== undefined && (status === 'never-run' || loss.gone.length > 0)
      return isWorthALook ? { repository, reference, ...loss } : undefined
    },
    view: ({ repository, reference, ...loss }, t) =>
      message(t('Sync the mirror {repository} now?', { repository: bold(repository) }), ...mirrorLossView(repository, reference, loss, t)),
  },
  run: async ({ quay, input: { repository } }) => {
    await syncMirror(quay, repository)
    return { repository }
  },
  view: ({ repository }, t) =>
    message(
      t('Sync of {repository} queued.', { repository: bold(repository) }),
      note(t('See its status with {show}.', { show: code(slash(`mirror show ${repository}`)) })),
    ),
})
