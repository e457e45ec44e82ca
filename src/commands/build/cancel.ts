import { z } from 'zod'
import { command } from '../../command/command.ts'
import { buildField, repositoryField } from '../../command/common-fields.ts'
import { shortId } from '../../core/short-id.ts'
import { cancelBuild, findBuild } from '../../quay/builds.ts'
import { bold, code, message } from '../../slack/blocks.ts'

export default command({
  summary: 'Cancel a queued build',
  help: 'Quay can cancel only builds that no builder has started. You need admin permission, also for your own builds.',
  input: z.strictObject({
    repository: repositoryField,
    build: buildField,
  }),
  examples: ['build cancel acme/api 3592c8dd'],
  aliases: ['stop', 'abort', 'kill', 'terminate', 'run cancel', 'cancel run'],
  permissions: [{ permission: 'admin', on: 'repository' }],
  changes: {
    // Nothing that Quay keeps goes: only work that had not begun.
    effects: ['overwrites'],
    facts: async ({ quay, input: { repository, build } }) => {
      const found = await findBuild(quay, repository, build)
      return { phase: found?.phase ?? null, tags: found?.tags ?? [] }
    },
    retry: async ({ quay, input }) => {
      const found = await findBuild(quay, input.repository, input.build)
      return found?.phase === 'cancelled' ? { result: input } : undefined
    },
  },
  run: async ({ quay, input }) => {
    await cancelBuild(quay, input.repository, input.build)
    return input
  },
  view: ({ repository, build }, t) =>
    message(t('Cancelled build {build} of {repository}.', { build: code(shortId(build)), repository: bold(repository) })),
})
