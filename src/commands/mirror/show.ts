import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField } from '../../command/common-fields.ts'
import { mirrorTable } from '../../command/mirror-fields.ts'
import { aDay } from '../../core/durations.ts'
import { Failure } from '../../core/failure.ts'
import { entryOf } from '../../core/foreign-text.ts'
import { type LogEntry, listRepositoryLogs } from '../../quay/logs.ts'
import { readMirror } from '../../quay/mirrors.ts'
import type { Quay } from '../../quay/registry.ts'
import { pageOf, readRepository } from '../../quay/repositories.ts'
import { code, link, message, moment, note, section } from '../../slack/blocks.ts'

const states: Record<string, string> = {
  'never-run': 'It has not run yet.',
  'sync-now': 'It was asked to run, and is about to.',
  syncing: 'It is running now.',
  success: 'Its last run succeeded.',
  fail: 'Its last run failed. {retries, plural, =0 {It tries again at the next run.} one {It tries # more time before that.} other {It tries # more times before that.}}',
  cancel: 'Its last run was cancelled.',
}

export default command({
  summary: 'Show a mirror: when it last ran, why it failed, when it runs next',
  input: z.strictObject({ repository: repositoryField }),
  examples: ['mirror show acme/mc'],
  aliases: ['status', 'state', 'sync status'],
  permissions: [{ permission: 'admin', on: 'repository' }],
  calls: ['GET /repository/{repository}/mirror'],
  run: async ({ quay, bot, input: { repository } }) => {
    const [mirror, { state }] = await Promise.all([readMirror(quay, repository), readRepository(quay, repository)])
    const from = new Date(bot.clock() - 7 * aDay).toISOString().slice(0, 10)
    return { repository, url: pageOf(quay, `${repository}?tab=mirroring`), mirror, state, last: await lastRun(quay, repository, from) }
  },
  view: ({ repository, url, mirror, state, last }, t) =>
    message(
      t('Mirror {repository} of {reference}', { repository: link(url, repository), reference: code(mirror.reference) }),
      section(
        t(entryOf(states, mirror.status) ?? 'Quay calls its state {status}.', { status: mirror.status, retries: mirror.retriesLeft }),
      ),
      ...(last
        ? [
            section(
              t('{outcome, select, failed {The last run failed on {moment}: {why}} other {The last run succeeded on {moment}.}}', {
                outcome: last.outcome,
                moment: moment(Date.parse(last.at ?? '')),
                why: last.why,
              }),
            ),
          ]
        : []),
      ...(last === null ? [note(t('When it ran is not known: Quay does not show its usage log.'))] : []),
      mirrorTable(mirror, t),
      ...(state === 'mirror'
        ? []
        : [
            note(
              t('It does not run: the repository is not in the state mirror. Change that with {command}.', {
                command: code(`/quay repo state ${repository} mirror`),
              }),
            ),
          ]),
      note(
        t('Run it now with {sync}; change it with {edit}.', {
          sync: code(`/quay mirror sync ${repository}`),
          edit: code(`/quay mirror edit ${repository}`),
        }),
      ),
    ),
})

/**
 * The mirror itself does not say when it ran, nor why it failed: the usage log does. A busy one is searched for some pages only.
 * Null: Quay does not show it.
 */
async function lastRun(quay: Quay, repository: string, from: string) {
  try {
    return await findLastRun(quay, repository, from)
  } catch (error) {
    if (error instanceof Failure && error.code !== 'unavailable') return null
    throw error
  }
}

async function findLastRun(quay: Quay, repository: string, from: string) {
  let next: string | undefined
  for (let page = 0; page < 3; page += 1) {
    const log = await listRepositoryLogs(quay, repository, { from, next })
    const ended = log.entries.find(({ kind }) => /^repo_mirror_sync_(success|failed)$/.test(kind))
    if (ended) return runOf(ended)
    if (log.next === undefined) return undefined
    next = log.next
  }
  return undefined
}

function runOf({ kind, at, details }: LogEntry) {
  return { outcome: kind.endsWith('failed') ? 'failed' : 'success', at, why: String(details.message ?? '–') }
}
