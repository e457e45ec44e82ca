import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField, triggerField } from '../../command/common-fields.ts'
import { shortId } from '../../core/short-id.ts'
import { deleteTrigger, findTrigger, listTriggerBuilds, readTrigger } from '../../quay/triggers.ts'
import { bold, code, lines, message, moment, note } from '../../slack/blocks.ts'
import { shownTrigger, triggerLine } from '../../slack/views/trigger.ts'

export default command({
  summary: 'Delete a build trigger',
  help: 'Its builds stay. New triggers are set up in the Quay web console. To stop a trigger temporarily, disable it.',
  input: z.strictObject({ repository: repositoryField, trigger: triggerField }),
  examples: ['trigger delete acme/api f081bffa'],
  permissions: [{ permission: 'admin', on: 'repository' }],
  changes: {
    effects: ['destroys'],
    facts: 'preview',
    retry: async ({ quay, input }) => ((await findTrigger(quay, input.repository, input.trigger)) ? undefined : { result: input }),
  },
  preview: {
    read: async ({ quay, input: { repository, trigger: id } }) => {
      const [found, [newest]] = await Promise.all([readTrigger(quay, repository, id), listTriggerBuilds(quay, repository, id, 1)])
      return { repository, trigger: shownTrigger(found), lastBuild: newest?.started }
    },
    view: ({ repository, trigger, lastBuild }, t) =>
      message(
        t('Delete this build trigger of {repository}?', { repository: bold(repository) }),
        ...lines([triggerLine(trigger, t)]),
        note(
          t('{built, select, never {It never started a build.} other {Last build {moment}.}} Code pushes will no longer start builds.', {
            built: lastBuild ? 'once' : 'never',
            moment: moment(Date.parse(lastBuild ?? '')),
          }),
        ),
      ),
  },
  run: async ({ quay, input }) => {
    await deleteTrigger(quay, input.repository, input.trigger)
    return input
  },
  view: ({ repository, trigger }, t) =>
    message(t('Deleted build trigger {trigger} of {repository}.', { trigger: code(shortId(trigger)), repository: bold(repository) })),
})
