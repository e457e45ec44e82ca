import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField } from '../../command/common-fields.ts'
import { findBuildOrNewest } from '../../quay/find-build.ts'
import { holds } from '../../security/permissions.ts'
import { buildCard, readersBuild, shownBuild } from '../../slack/views/build.ts'

export default command({
  summary: 'Show build details',
  input: z.strictObject({
    repository: repositoryField,
    build: z
      .string()
      .trim()
      .max(100)
      .optional()
      .meta({ title: 'Build ID', identifies: 'build' })
      .describe('Build ID (default: the latest build)'),
  }),
  examples: ['build show acme/api', 'build show acme/api 3592c8dd'],
  aliases: ['status', 'run view', 'view run', 'run watch', 'run show'],
  permissions: [{ permission: 'read', on: 'repository' }],
  run: async ({ bot, person, quay, input: { repository, build } }) => {
    const found = await findBuildOrNewest(quay, repository, build)
    return (await holds(bot, person, { permission: 'write', object: repository })) ? shownBuild(found) : readersBuild(found)
  },
  view: (build, t) => buildCard(build, t),
})
