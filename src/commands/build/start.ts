import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField } from '../../command/common-fields.ts'
import { buildFacts } from '../../command/facts.ts'
import { Failure } from '../../core/failure.ts'
import { fieldProblem } from '../../core/field-problem.ts'
import { followStarted } from '../../notifications/builds/poll.ts'
import { isFinal } from '../../quay/build-phase.ts'
import { listBuilds, type NewBuild, startBuild } from '../../quay/builds.ts'
import { quayAnswer } from '../../quay/http.ts'
import { checkArchive } from '../../security/archive-hosts.ts'
import { buildCard, shownBuild } from '../../slack/views/build.ts'
import { codes } from '../../slack/views/codes.ts'

// Of the build system before this one. It is no field, so a word that begins so lands in whichever field comes next.
const text = () =>
  z
    .string()
    .trim()
    .max(1000)
    .refine((value) => !/^\W*file_?id\s*=/i.test(value), 'file_id is no longer supported. Use archive_url.')

export default command({
  summary: 'Start a build',
  help: 'The archive is a tar or zip file with the Dockerfile, at a URL that Quay can fetch. *About the pull robot*: the resulting image can expose everything that the robot account can pull. Therefore you must be an admin of its namespace, and QUAY_TOKEN needs the scope _Administer Organization_ there.',
  input: z.strictObject({
    repository: repositoryField,
    archive_url: text()
      .refine(isAddress, 'Enter the URL of a tar or zip file, beginning with http or https, without a username and password')
      .meta({ title: 'Archive URL' })
      .describe('URL of a tar or zip file with the Dockerfile, which Quay fetches'),
    docker_tags: z
      .array(text().min(1))
      .min(1)
      .optional()
      .meta({ title: 'Tags' })
      .describe('Tags for the image, separated by commas (default: latest)'),
    subdirectory: text().optional().meta({ title: 'Subdirectory' }).describe('Directory containing the Dockerfile (default: root)'),
    dockerfile_path: text()
      .optional()
      .meta({ title: 'Dockerfile path' })
      .describe('Path of the Dockerfile if it has another name, instead of a subdirectory'),
    context: text().optional().meta({ title: 'Build context' }).describe('Build context (default: the Dockerfile’s directory)'),
    pull_robot: text()
      .regex(/^[a-z0-9][a-z0-9._-]*\+[a-z0-9][a-z0-9._-]*$/, 'Enter a robot account, such as acme+puller')
      .optional()
      .meta({ title: 'Pull robot', of: 'robot', in: 'repository' })
      .describe('Robot account that pulls images for the build; you must be an admin of its namespace'),
  }),
  examples: [
    'build start acme/api https://downloads.example.com/api.tar.gz',
    'build start acme/api https://downloads.example.com/api.tar.gz docker_tags=latest,v1.2 subdirectory=/server',
    'build start acme/api https://downloads.example.com/api.zip pull_robot=acme+deploy',
  ],
  aliases: ['trigger', 'run', 'new', 'create', 'submit', 'launch', 'kick off', 'build', 'queue'],
  permissions: [
    { permission: 'write', on: 'repository' },
    { permission: 'admin', on: 'pull_robot' },
  ],
  check: ({ subdirectory, dockerfile_path: dockerfile }) => {
    if (subdirectory !== undefined && dockerfile !== undefined)
      throw fieldProblem('dockerfile_path', 'Enter either a subdirectory or a Dockerfile path, not both.')
  },
  changes: {
    effects: ['runs-code', 'overwrites'],
    // Twice would be two images. One may be over before anybody looks, so that finding none does not prove that there was none.
    facts: ({ quay, input: { repository, pull_robot: robot, docker_tags: tags = ['latest'] } }) =>
      buildFacts(quay, repository, tags, robot),
    retry: 'never',
    manualCheck: ({ repository }) => `build list ${repository}`,
    // The same archive with the same tags, by the bot and still under way: that is the one whose answer was lost.
    probe: async ({ quay, input }) => {
      const { archiveUrl, tags = ['latest'] } = wanted(input)
      const found = (await listBuilds(quay, input.repository)).find(
        (build) =>
          !isFinal(build.phase) &&
          build.startedBy === quay.capabilities.account &&
          build.archiveUrl?.reveal() === archiveUrl &&
          build.tags.length === tags.length,
      )
      return found && { result: { build: shownBuild(found), asked: tags } }
    },
  },
  run: async (run) => {
    const { quay, input, bot } = run
    await checkArchive(bot.policy, input.archive_url, undefined, bot.quay.network.isProxied)
    const build = await startBuild(quay, input.repository, wanted(input)).catch((error) => {
      throw byField(error, input)
    })
    await followStarted(run, build)
    return { build: shownBuild(build), asked: wanted(input).tags ?? [] }
  },
  view: ({ build, asked }, t) => {
    const changed = asked.some((tag) => !build.tags.includes(tag))
    return buildCard(
      build,
      t,
      changed ? t('Quay does not accept the tags {asked}. It used {tags}.', { asked: codes(asked, t), tags: codes(build.tags, t) }) : '',
    )
  },
})

interface Input {
  archive_url: string
  docker_tags?: string[] | undefined
  subdirectory?: string | undefined
  dockerfile_path?: string | undefined
  context?: string | undefined
  pull_robot?: string | undefined
}

function wanted(input: Input): NewBuild {
  return {
    archiveUrl: input.archive_url,
    // Quay wants every tag once (swagger: uniqueItems).
    tags: input.docker_tags && [...new Set(input.docker_tags)],
    subdirectory: input.subdirectory,
    dockerfile: input.dockerfile_path,
    context: input.context,
    pullRobot: input.pull_robot,
  }
}

function isAddress(value: string) {
  const url = URL.parse(value)
  return url !== null && /^https?:$/.test(url.protocol) && !url.username && !url.password
}

/** Quay says what is wrong, but not with what; it is one of these (recorded: build-create-*). */
function byField(error: unknown, { pull_robot: robot }: Input) {
  const answer = quayAnswer(error)
  if (!(error instanceof Failure) || !answer) return error
  const { status, words } = answer
  if (status === 404 && robot) return about('pull_robot', 'Quay has no robot account {robot}.', { robot }, error)
  if (status === 403 && robot)
    return about('pull_robot', 'Quay does not allow this build to pull as {robot}: {words}', { robot, words }, error)
  if (/archive/i.test(words)) return about('archive_url', 'Quay does not accept this archive: {words}', { words }, error)
  if (/dockerfile|subdirectory|context/i.test(words))
    return about('subdirectory', 'Quay can’t find the Dockerfile or context in the archive: {words}', { words }, error)
  if (/docker_tags|tag/i.test(words)) return about('docker_tags', 'Quay does not accept these tags: {words}', { words }, error)
  return error
}

function about(field: string, message: string, values: Record<string, string>, cause: Failure) {
  return new Failure(cause.code, message, values, { fields: { [field]: { message, values } }, cause: cause.cause })
}
