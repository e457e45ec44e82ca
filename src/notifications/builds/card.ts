import type { Bot } from '../../context.ts'
import { entryOf } from '../../core/foreign-text.ts'
import type { Translate } from '../../core/i18n.ts'
import { isCancellable, isFinal, isRepeatable, type KnownPhase } from '../../quay/build-phase.ts'
import { pageOf } from '../../quay/repositories.ts'
import { type ButtonText, bold, buttons, code, link, message, moment, note } from '../../slack/blocks.ts'
import { buildPlan } from '../../slack/views/build-plan.ts'
import { codes } from '../../slack/views/codes.ts'
import type { Card, Rendered } from '../event-kind.ts'
import { readIfStale } from './poll.ts'
import { type BuildState, stateOf } from './state.ts'

/** One whole sentence for every state of a build. */
const states: Record<KnownPhase, string> = {
  waiting: ':hourglass_flowing_sand: {repository}: {build} queued.',
  'build-scheduled': ':hourglass_flowing_sand: {repository}: {build} queued, waiting for a builder.',
  unpacking: ':package: {repository}: {build} unpacking its archive.',
  pulling: ':arrow_down: {repository}: {build} pulling its base image.',
  building: ':hammer: {repository}: {build} running.',
  pushing: ':arrow_up: {repository}: {build} pushing its image.',
  complete: ':white_check_mark: {repository}: {build} succeeded.',
  error: ':x: {repository}: {build} failed.',
  internalerror: ':hourglass_flowing_sand: {repository}: {build} had an internal error. Quay retries it.',
  cannot_load: ':grey_question: {repository}: {build} status is unknown to Quay right now.',
  cancelled: ':no_entry_sign: {repository}: {build} cancelled.',
  expired: ':x: {repository}: {build} failed with an internal error, no retries left.',
  gone: ':no_entry_sign: {repository}: {build} is no longer in Quay.',
}

/** For subscriptions to changes only. */
const changes: Record<string, string> = {
  broke: ':rotating_light: {repository}: {build} failed (previous one succeeded).',
  fixed: ':tada: {repository}: {build} fixed (previous one failed).',
  'still broken': ':x: {repository}: {build} failed again.',
}

const names: Partial<Record<KnownPhase, string>> = {
  waiting: 'queued {seconds, number} s',
  'build-scheduled': 'waited {seconds, number} s for a builder',
  unpacking: 'unpacked in {seconds, number} s',
  pulling: 'pulled in {seconds, number} s',
  building: 'built in {seconds, number} s',
  pushing: 'pushed in {seconds, number} s',
}

/**
 * Renders a build in every state, from all its events and the present data in Quay. A webhook's claim is checked against
 * Quay before it is shown.
 */
export async function renderBuild(bot: Bot, { subject, data }: Card, t: Translate): Promise<Rendered> {
  await readIfStale(bot, subject)
  const state = await stateOf(bot, subject)
  const { repository, build, phase } = state
  const page = pageOf(bot.quay, repository)
  const change = isFinal(phase) ? entryOf(changes, String(data.change)) : undefined
  const text = t(change ?? states[phase], { repository: link(page, repository), build: link(`${page}/build/${build}`, t.plain('build')) })
  const times = timesOf(state, t)
  // Nothing is known yet about a build that was just started, and Slack refuses an empty text.
  const about = [...details(state, t), ...(times ? [note(times)] : []), ...invitation(data, t)]
  return message(
    text,
    ...buildPlan({ repository, id: build, phase, error: state.seen.error }, t),
    ...about,
    buttons(...buttonsOf(state, t)),
  )
}

function details({ seen, starterName }: BuildState, t: Translate) {
  const lines = [
    seen.tags?.length ? t('Tags: {tags}', { tags: codes(seen.tags, t) }) : '',
    // A name instead of a mention, because the card is edited often and must notify nobody.
    starterName ? t('Started by {person} from Slack.', { person: bold(starterName) }) : startedBy(seen, t),
    seen.commit
      ? t('Commit {commit}: {message}', { commit: code(seen.commit.slice(0, 7)), message: (seen.message ?? '').split('\n')[0] ?? '' })
      : '',
    seen.error ? t('Quay says: {error}', { error: code(seen.error) }) : '',
  ].filter(Boolean)
  return lines.length > 0 ? [note(lines.join('\n'))] : []
}

function startedBy({ trigger, startedBy }: BuildState['seen'], t: Translate) {
  if (trigger) return t('Started by build trigger {trigger}.', { trigger: bold(trigger) })
  return startedBy ? t('Started by user {account}.', { account: bold(startedBy) }) : ''
}

/** When the build was requested, and the duration of each completed phase. */
function timesOf({ began }: BuildState, t: Translate) {
  const times = began.flatMap(([phase, at], index) => {
    const next = began[index + 1]
    const name = names[phase]
    return next && name ? [t(name, { seconds: Math.round((next[1] - at) / 1000) })] : []
  })
  const since = began[0] && t('Started {moment}', { moment: moment(began[0][1]) })
  return [since, ...times].filter(Boolean).join(' · ')
}

function invitation({ invite }: Card['data'], t: Translate) {
  return invite
    ? [
        note(
          t('Quaymaster is not in the channel where you started it. Invite it with {command}, and the next card appears there.', {
            command: code('/invite @quaymaster'),
          }),
        ),
      ]
    : []
}

function buttonsOf({ repository, build, phase }: BuildState, t: Translate): ButtonText[] {
  const value = `${repository} ${build}`
  const logs = { action: 'build:logs', label: t.plain('Logs'), value }
  if (!isFinal(phase)) {
    // Quay can cancel only builds that have not started (docs/quay.md, Per area).
    const cancel: ButtonText = { action: 'build:cancel', label: t.plain('Cancel'), value, style: 'danger' }
    return isCancellable(phase) ? [logs, cancel] : [logs]
  }
  return isRepeatable(phase) ? [logs, { action: 'build:retry', label: t.plain('Retry'), value }] : [logs]
}
