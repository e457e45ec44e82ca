import { z } from 'zod'
import { command } from '../../command/command.ts'
import { repositoryField } from '../../command/common-fields.ts'
import { mirrorTable } from '../../command/mirror-fields.ts'
import { aDay } from '../../core/durations.ts'
import { Failure } from '../../core/failure.ts'
import { entryOf } from '../../core/foreign-text.ts'
import { slash } from '../../core/slash-command.ts'
import { dayOf } from '../../quay/dates.ts'
import { type LogEntry, listRepositoryLogs } from '../../quay/logs.ts'
import { readMirror } from '../../quay/mirrors.ts'
import type { Quay } from '../../quay/registry.ts'
import { pageOf, readRepository } from '../../quay/repositories.ts'
import { code, link, message, moment, note, section } from '../../slack/blocks.ts'

const states: Record<string, string> = {
  'never-run': 'Never synced.',
  'sync-now': 'Sync requested.',
  syncing: 'Syncing now.',
  success: 'Last sync succeeded.',
  fail: 'Last sync failed. {retries, plural, =0 {Quay retries at the next scheduled sync.} one {Quay retries # more time before the next scheduled sync.} other {Quay retries # more times before the next scheduled sync.}}',
  cancel: 'Last sync cancelled.',
}

export default command({
  summary: 'Show mirror status',
  input: z.strictObject({ repository: repositoryField }),
  examples: ['mirror show acme/mc'],
  aliases: ['last sync', 'last synced', 'when synced', 'status', 'state', 'sync status'],
  permissions: [{ permission: 'admin', on: 'repository' }],
  calls: ['GET /repository/{repository}/mirror'],
  run: async ({ quay, bot, input: { repository } }) => {
    const [mirror, { state }] = await Promise.all([readMirror(quay, repository), readRepository(quay, repository)])
    const from = dayOf(bot.clock() - 7 * aDay)
    return { repository, url: pageOf(quay, `${repository}?tab=mirroring`), mirror, state, last: await lastRun(quay, repository, from) }
  },
  view: ({ repository, url, mirror, state, last }, t) =>
    message(
      t('{repository}: mirror of {reference}', { repository: link(url, repository), reference: code(mirror.reference) }),
      section(t(entryOf(states, mirror.status) ?? 'Status in Quay: {status}.', { status: mirror.status, retries: mirror.retriesLeft })),
      ...(last
        ? [
            section(
              t('{outcome, select, failed {Last sync failed on {moment}: {why}} other {Last sync succeeded on {moment}.}}', {
                outcome: last.outcome,
                moment: moment(Date.parse(last.at ?? '')),
                why: last.why,
              }),
            ),
          ]
        : []),
      ...(last === null ? [note(t('The time of the last sync is unknown, because Quay does not show its usage logs to Quaymaster.'))] : []),
      mirrorTable(mirror, t),
      ...(state === 'mirror'
        ? []
        : [
            note(
              t('It does not sync, because the repository state is not mirror. Change the state with {command}.', {
                command: code(slash(`repo state ${repository} mirror`)),
              }),
            ),
          ]),
      note(
        t('Sync now with {sync}. Edit with {edit}.', {
          sync: code(slash(`mirror sync ${repository}`)),
          edit: code(slash(`mirror edit ${repository}`)),
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
