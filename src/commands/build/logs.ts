import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField } from '../../command/common-fields.ts'
import { shortId } from '../../core/short-id.ts'
import { slash } from '../../core/slash-command.ts'
import { readBuildLog } from '../../quay/build-log.ts'
import { isFailed } from '../../quay/build-phase.ts'
import { findBuildOrNewest } from '../../quay/find-build.ts'
import { code, link, message, note } from '../../slack/blocks.ts'
import { phaseWord } from '../../slack/views/build.ts'
import { logBlocks, logLines, logText } from '../../slack/views/build-log.ts'

const size = 30
const around = 200

export default command({
  summary: 'Show build logs',
  help: 'The end of the log comes first, because it says why a build failed. *Older* shows earlier lines. You need write permission, even where anyone can pull.',
  input: z.strictObject({
    repository: repositoryField,
    build: z
      .string()
      .trim()
      .max(100)
      .optional()
      .meta({ title: 'Build ID', identifies: 'build' })
      .describe('Build ID (default: the latest build)'),
    whole: z.boolean().default(false).meta({ title: 'Full log as a file' }).describe('Send the full log as a file'),
  }),
  examples: ['build logs acme/api', 'build logs acme/api whole=yes', 'build logs acme/api 3592c8dd'],
  aliases: [
    'run view log',
    'view log',
    'download log',
    'log download',
    'log',
    'output',
    'console',
    'tail',
    'log file',
    'failed in',
    'what failed',
    'why failed',
    'why did it fail',
    'failure',
    'log failed',
  ],
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
      t('Build log of {repository}: {phase}', { repository: link(url, repository), phase: phaseWord(phase, t) }),
      ...logBlocks(entries, t),
      note(
        t(
          '{total, plural, =0 {The log is empty so far.} other {Lines {first} to {last} of {total}.}} {whole, select, yes {The full log is sent as a file.} other {Full log as a file: {command}.}}',
          {
            total,
            first: (entries[0]?.line ?? 0) + 1,
            last: (entries.at(-1)?.line ?? 0) + 1,
            whole: text === undefined ? 'no' : 'yes',
            command: code(slash(`build logs ${repository} ${shortId(build)} whole=yes`)),
          },
        ),
      ),
      ...(isFailed(phase) ? [note(t('Retry with {retry}.', { retry: code(slash(`build retry ${repository} ${shortId(build)}`)) }))] : []),
    ),
})
