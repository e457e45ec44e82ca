import { z } from 'zod'
import { command } from '../../command/command.ts'
import { buildField, repositoryField } from '../../command/common-fields.ts'
import { fingerprint } from '../../command/facts.ts'
import { Failure } from '../../core/failure.ts'
import { shortId } from '../../core/short-id.ts'
import { slash } from '../../core/slash-command.ts'
import { followStarted } from '../../notifications/builds/poll.ts'
import { type Build, readBuild, startBuild } from '../../quay/builds.ts'
import { namespaceOf } from '../../quay/names.ts'
import { checkArchive } from '../../security/archive-hosts.ts'
import { checkPermission } from '../../security/permissions.ts'
import { code } from '../../slack/blocks.ts'
import { buildCard, shownBuild } from '../../slack/views/build.ts'

export default command({
  summary: 'Retry a build',
  help: 'The build uses the same archive, tags, Dockerfile and pull robot as the first build in Quay. If there is a pull robot, you must be an admin of its namespace.',
  input: z.strictObject({
    repository: repositoryField,
    build: buildField,
  }),
  examples: ['build retry acme/api 3592c8dd'],
  aliases: ['rerun', 're-run', 'rebuild', 'restart', 'redo', 'repeat', 'again', 'try again', 'run rerun'],
  permissions: [{ permission: 'write', on: 'repository' }],
  changes: {
    effects: ['runs-code', 'overwrites'],
    // What is under way now may be anybody's.
    facts: async ({ quay, input: { repository, build } }) => {
      // What is repeated is what Quay's record of the build says, and not what was typed.
      const { archiveUrl, tags, dockerfile, context, pullRobot } = await readBuild(quay, repository, build)
      return {
        archive: fingerprint(archiveUrl?.reveal() ?? ''),
        tags,
        dockerfile: dockerfile || null,
        context: context || null,
        robot: pullRobot ?? null,
      }
    },
    retry: 'never',
    manualCheck: ({ repository }) => `build list ${repository}`,
  },
  run: async (run) => {
    const { quay, bot, person } = run
    const { repository, build: id } = run.input
    const original = await readBuild(quay, repository, id)
    if (original.phase === 'internalerror')
      throw new Failure('conflict', 'Build {id} failed with an internal error. Quay retries it automatically.', { id })
    if (original.pullRobot)
      await checkPermission(bot, person, { permission: 'admin', object: namespaceOf(original.pullRobot) }, { bypassCache: true })
    const archiveUrl = archiveOf(original)
    await checkArchive(bot.policy, archiveUrl, undefined, bot.quay.network.isProxied)
    const { tags, dockerfile, context, pullRobot } = original
    const again = { archiveUrl, tags, dockerfile: dockerfile || undefined, context: context || undefined, pullRobot }
    const build = await startBuild(quay, repository, again)
    await followStarted(run, build)
    return { build: shownBuild(build), of: id }
  },
  view: ({ build, of }, t) => buildCard(build, t, t('Retry of build {of}.', { of: code(shortId(of)) })),
})

function archiveOf({ trigger, archiveUrl, repository }: Build) {
  if (trigger) {
    const command = slash(`trigger run ${repository} ${shortId(trigger.id)}`)
    throw new Failure('conflict', 'A build trigger started this build. Run the trigger again: {command}.', { command })
  }
  if (!archiveUrl) throw new Failure('conflict', 'Quay no longer knows the archive of this build. Start a new build.')
  return archiveUrl.reveal()
}
