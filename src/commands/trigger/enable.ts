import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField, triggerField } from '../../command/common-fields.ts'
import { shortId } from '../../core/short-id.ts'
import { readActiveTrigger, readTrigger, setTrigger } from '../../quay/triggers.ts'
import { bold, code, message, note } from '../../slack/blocks.ts'

export default command({
  summary: 'Enable a build trigger',
  help: 'Quay disables a trigger automatically when its builds fail repeatedly.',
  input: z.strictObject({ repository: repositoryField, trigger: triggerField }),
  examples: ['trigger enable acme/api f081bffa'],
  aliases: ['switch on', 'turn on', 'resume'],
  permissions: [{ permission: 'admin', on: 'repository' }],
  calls: ['PUT /repository/{repository}/trigger/{trigger_uuid}'],
  // From then on every push of code builds.
  changes: {
    effects: ['runs-code'],
    facts: async ({ quay, input: { repository, trigger } }) => {
      const { enabled, source, service } = await readTrigger(quay, repository, trigger)
      return { enabled, source, service }
    },
    retry: 'idempotent',
  },
  run: async ({ quay, input: { repository, trigger: id } }) => {
    const { enabled, source } = await readActiveTrigger(quay, repository, id)
    if (!enabled) await setTrigger(quay, repository, id, 'enabled')
    return { repository, id, source, changed: !enabled }
  },
  view: ({ repository, id, source, changed }, t) =>
    message(
      t(
        '{changed, select, yes {Enabled build trigger {id} of {repository}.} other {Build trigger {id} of {repository} is already enabled.}}',
        {
          changed: changed ? 'yes' : 'no',
          id: code(shortId(id)),
          repository: bold(repository),
        },
      ),
      note(t('It starts a build when code is pushed to {source}.', { source: code(source) })),
    ),
})
