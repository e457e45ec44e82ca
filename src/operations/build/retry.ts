import { z } from 'zod'
import { checkArchive } from '../../archives.ts'
import { buildCard, shownBuild } from '../../draw/build.ts'
import { followStarted } from '../../events/follow.ts'
import { Failure } from '../../failure.ts'
import { buildField, repositoryField } from '../../object-fields.ts'
import { operation } from '../../operation.ts'
import { type Build, readBuild, startBuild } from '../../quay/builds.ts'
import { namespaceOf } from '../../quay/names.ts'
import { checkRight } from '../../rights/rights.ts'
import { code } from '../../slack/blocks.ts'

export default operation({
  summary: 'Build again what a build has built',
  help: 'The same archive, tags, Dockerfile and pull robot as in Quay’s record of the first build. If it pulled as a robot, you need to be an admin of the robot’s namespace, whoever started it then.',
  input: z.strictObject({
    repository: repositoryField,
    build: buildField,
  }),
  examples: ['build retry acme/api 3592c8dd-729c-4893-a3a6-3634f4ad33a0'],
  needs: [{ right: 'write', on: 'repository' }],
  changes: {
    effects: ['runs-code', 'overwrites'],
    // What is under way now may be anybody's.
    repeat: 'never',
    lookWith: ({ repository }) => `build list ${repository}`,
  },
  run: async (run) => {
    const { quay, bot, person } = run
    const { repository, build: id } = run.input
    const original = await readBuild(quay, repository, id)
    if (original.pullRobot) await checkRight(bot, person, { right: 'admin', object: namespaceOf(original.pullRobot) }, { fresh: true })
    const archiveUrl = archiveOf(original)
    await checkArchive(bot.policy, archiveUrl)
    const { tags, dockerfile, context, pullRobot } = original
    const again = { archiveUrl, tags, dockerfile: dockerfile || undefined, context: context || undefined, pullRobot }
    const build = await startBuild(quay, repository, again)
    await followStarted(run, build)
    return { build: shownBuild(build), of: id }
  },
  view: ({ build, of }, t) => buildCard(build, t, t('It repeats the build {of}.', { of: code(of) })),
})

function archiveOf({ trigger, archiveUrl, repository }: Build) {
  if (trigger) {
    const command = `/quay trigger run ${repository} ${trigger.id}`
    throw new Failure('conflict', 'A trigger started this build. Run the trigger again: {command}.', { command })
  }
  if (!archiveUrl) throw new Failure('conflict', 'Quay does not say any more which archive this build was made of. Start a new one.')
  return archiveUrl.reveal()
}
