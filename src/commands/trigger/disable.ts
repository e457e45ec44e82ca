import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField, triggerField } from '../../command/common-fields.ts'
import { shortId } from '../../core/short-id.ts'
import { slash } from '../../core/slash-command.ts'
import { readActiveTrigger, readTrigger, setTrigger } from '../../quay/triggers.ts'
import { bold, code, message, note } from '../../slack/blocks.ts'

export default command({
  summary: 'Disable a build trigger',
  help: 'Code pushes no longer start builds. Running builds continue.',
  input: z.strictObject({ repository: repositoryField, trigger: triggerField }),
  examples: ['trigger disable acme/api f081bffa'],
  aliases: ['switch off', 'turn off', 'pause', 'stop'],
  permissions: [{ permission: 'admin', on: 'repository' }],
  calls: ['PUT /repository/{repository}/trigger/{trigger_uuid}'],
  changes: {
    effects: ['overwrites'],
    facts: async ({ quay, input: { repository, trigger } }) => {
      const { enabled, source, service } = await readTrigger(quay, repository, trigger)
      return { enabled, source, service }
    },
    retry: 'idempotent',
  },
  run: async ({ quay, input: { repository, trigger: id } }) => {
    const { enabled } = await readActiveTrigger(quay, repository, id)
    if (enabled) await setTrigger(quay, repository, id, 'disabled')
    return { repository, id, changed: enabled }
  },
  view: ({ repository, id, changed }, t) =>
    message(
      t(
        '{changed, select, yes {Disabled build trigger {id} of {repository}.} other {Build trigger {id} of {repository} is already disabled.}}',
        {
          changed: changed ? 'yes' : 'no',
          id: code(shortId(id)),
          repository: bold(repository),
        },
      ),
      note(t('Enable it again with {command}.', { command: code(slash(`trigger enable ${repository} ${shortId(id)}`)) })),
    ),
})
