import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField } from '../../command/common-fields.ts'
import { readBuildLog } from '../../quay/build-log.ts'
import { isFailed } from '../../quay/build-phase.ts'
import { findBuildOrNewest } from '../../quay/find-build.ts'
import { code, link, message, note } from '../../slack/blocks.ts'
import { phaseWord } from '../../slack/views/build.ts'
import { logBlocks, logLines, logText } from '../../slack/views/build-log.ts'

const size = 30
const around = 200

export default command({
  summary: 'Read the log of a build',
  help: 'The end comes first, because that is where a build says why it failed; *Older* leads back to its beginning. Quay shows build logs to who may write, also where everybody may pull.',
  input: z.strictObject({
    repository: repositoryField,
    build: z
      .string()
      .trim()
      .max(100)
      .optional()
      .meta({ identifies: 'build' })
      .describe('The id of the build; the newest one when left out'),
    whole: z.boolean().default(false).describe('The whole log as a file, by direct message'),
  }),
  examples: ['build logs acme/api', 'build logs acme/api whole=yes', 'build logs acme/api 3592c8dd-729c-4893-a3a6-3634f4ad33a0'],
  aliases: ['download log', 'log download', 'log', 'output', 'console', 'tail', 'log file'],
  permissions: [{ permission: 'write', on: 'repository' }],
  run: async ({ quay, input: { repository, build: id, whole }, page }) => {
    // `page` names the build too: the newest one may be another by the time that somebody presses Older.
    const [before, pinned] = page?.split(' ') ?? []
    const { id: build, phase, url } = await findBuildOrNewest(quay, repository, pinned ?? id)
    const log = await readBuildLog(quay, repository, build)
    const total = log.entries.length
    const end = Math.min(before === undefined ? total : Number(before), total)
    const start = whole ? 0 : Math.max(0, end - size)
    // A private key begins above the lines that are shown, or ends below them.
    const first = Math.max(0, start - around)
    const lines = await logLines(log.entries.slice(first, whole ? total : end + around), first)
    return {
      repository,
      build,
      url,
      phase,
      total,
      // Slack takes no empty file.
      text: whole && total > 0 ? logText(lines) : undefined,
      entries: whole ? lines.slice(-size) : lines.slice(start - first, end - first),
      next: start > 0 ? `${start} ${build}` : undefined,
    }
  },
  file: ({ build, text }) => (text === undefined ? undefined : { name: `build-${build}.log`, text }),
  view: ({ repository, build, url, phase, total, text, entries }, t) =>
    message(
      t('Log of the build of {repository}: {phase}', { repository: link(url, repository), phase: phaseWord(phase, t) }),
      ...logBlocks(entries, t),
      note(
        t(
          '{total, plural, =0 {Nothing was logged yet.} other {Lines {first} to {last} of {total}.}} {whole, select, yes {The whole log comes as a file.} other {All of it as a file: {command}.}}',
          {
            total,
            first: (entries[0]?.line ?? 0) + 1,
            last: (entries.at(-1)?.line ?? 0) + 1,
            whole: text === undefined ? 'no' : 'yes',
            command: code(`/quay build logs ${repository} ${build} whole=yes`),
          },
        ),
      ),
      ...(isFailed(phase) ? [note(t('Build again with {retry}.', { retry: code(`/quay build retry ${repository} ${build}`) }))] : []),
    ),
})
