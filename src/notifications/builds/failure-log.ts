import type { Bot } from '../../context.ts'
import { Failure } from '../../core/failure.ts'
import type { Translate } from '../../core/i18n.ts'
import { escaped } from '../../core/markup.ts'
import { redactLines } from '../../core/redact.ts'
import { type BuildLogEntry, readBuildLog } from '../../quay/build-log.ts'
import { withPriority } from '../../quay/http.ts'
import { clip, mention, message, note, section } from '../../slack/blocks.ts'
import { findChannel } from '../../slack/channels.ts'
import { plainLine } from '../../slack/views/build-log.ts'
import { cannotAsk } from '../channel-unknown.ts'
import type { Card, Rendered } from '../event-kind.ts'
import { stateOf } from './state.ts'

const linesAtMost = 30
const charactersAtMost = 2_800
// The first line of a private key or a Secret may be far above the last lines.
const linesLookedThrough = 500
const lineLookedThrough = 4_000

/** Posts the last lines of the failed step in the thread of the build, and mentions the person who started it once. */
export async function renderFailure(bot: Bot, { subject, channel, data }: Card, t: Translate): Promise<Rendered> {
  const { repository, build, starter } = await stateOf(bot, subject.replace(/^failure /, 'build '))
  const text =
    data.change === 'still broken'
      ? t('{repository}: build failed again.', { repository })
      : starter && data.started
        ? t('{repository}: {person}, your build failed.', { repository, person: mention(starter) })
        : t('{repository}: build failed.', { repository })
  const lines = await failingLines(bot, repository, build, channel)
  if (lines === undefined) return message(text, note(t('Press Logs to see why.')))
  return message(text, section(`\`\`\`\n${lines}\n\`\`\``))
}

/** Undefined if there is nothing to show, or if a reader of the channel may not read build logs. */
async function failingLines(bot: Bot, repository: string, build: string, channel: string) {
  // Build logs need write permission, even in public repositories (docs/quay.md, rights matrix 9).
  const facts = await findChannel(bot.slack, channel).catch(cannotAsk)
  if (facts?.shared) return undefined
  try {
    const { entries } = await readBuildLog(withPriority(bot.quay, { class: 'job', work: 'event' }), repository, build)
    return linesOf(lastStep(entries)) || undefined
  } catch (error) {
    if (error instanceof Failure && error.code !== 'unavailable') return undefined
    throw error
  }
}

function lastStep(entries: BuildLogEntry[]) {
  const step = entries.findLastIndex(({ kind }) => kind === 'command')
  return entries.slice(Math.max(step, 0)).filter(({ kind }) => kind !== 'phase')
}

function linesOf(entries: BuildLogEntry[]) {
  const all = entries.flatMap(({ message }) => message.replace(/\n$/, '').split('\n'))
  // Each line is clipped before it is redacted. A code fence in it would close ours.
  const clipped = all
    .slice(-linesLookedThrough)
    .map((line) => plainLine(line.slice(0, lineLookedThrough)).replaceAll(/[\p{Cc}\p{Cs}]/gu, ' '))
  const plain = redactLines(clipped).map((line) => line.replaceAll('```', 'ˋˋˋ'))
  const kept: string[] = []
  let left = charactersAtMost
  for (const line of plain.slice(-linesAtMost).toReversed()) {
    const shown = escaped(clip(line, 500))
    left -= [...shown].length + 1
    if (left < 0) break
    kept.unshift(shown)
  }
  return kept.join('\n')
}
