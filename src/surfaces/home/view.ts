import type { HomeView, KnownBlock } from '@slack/types'
import { decidingButtons } from '../../approvals/card-buttons.ts'
import type { Request } from '../../approvals/request.ts'
import { requestWord } from '../../approvals/state-label.ts'
import { commandOf } from '../../command/arguments.ts'
import { commands } from '../../command/registry.ts'
import type { Failure } from '../../core/failure.ts'
import type { Translate } from '../../core/i18n.ts'
import { shortId } from '../../core/short-id.ts'
import { slash } from '../../core/slash-command.ts'
import type { BuildState } from '../../notifications/builds/state.ts'
import { revealButton } from '../../notifications/credential-offer.ts'
import { subscriptionLine } from '../../notifications/subscription-view.ts'
import type { Person } from '../../security/identity.ts'
import { bold, button, buttons, code, heading, lines, link, moment, note, section } from '../../slack/blocks.ts'
import { plainBlocks } from '../../slack/fitted.ts'
import { phaseWord } from '../../slack/views/build.ts'
import { codes } from '../../slack/views/codes.ts'
import { failureView } from '../../slack/views/failure.ts'
import type { HomeContent, SealedCredential } from './content.ts'

const blocksAtMost = 100
const subscriptionsAtMost = 20

/** A person's App Home in their language. It contains only what they may know; its buttons check permissions again. */
export function homeView(content: HomeContent, { unlinked, unasked }: Person, slackUrl: string, t: Translate): HomeView {
  if (unlinked && !unasked)
    return home([
      ...credentialBlocks(content.credentials, t),
      section(t(unlinked.message, unlinked.values)),
      note(t('Once linked, try {help}', { help: code(slash('help')) })),
    ])
  return home([
    ...credentialBlocks(content.credentials, t),
    ...oftenBlocks(content.often, t),
    heading(t.plain('Needs your approval')),
    ...waitingBlocks(content.waiting, slackUrl, t),
    heading(t.plain('Your requests')),
    ...(content.own.length > 0 ? content.own.map((request) => ownBlock(request, t)) : [note(t('No requests this week.'))]),
    heading(t.plain('Your builds')),
    ...buildBlocks(content.builds, t),
    heading(t.plain('Your subscriptions')),
    ...subscriptionBlocks(content.subscriptions, t),
  ])
}

/** The App Home without content, with the reason: for guests and external users, and while Quay does not answer. */
export function refusedHome(failure: Failure, credentials: SealedCredential[], t: Translate): HomeView {
  return home([...credentialBlocks(credentials, t), ...plainBlocks(failureView(failure, t).blocks)])
}

/** Sealed credentials are stored by the bot, so they can be revealed while Quay is down. */
function credentialBlocks(credentials: SealedCredential[], t: Translate): KnownBlock[] {
  if (credentials.length === 0) return []
  return [
    heading(t.plain('Your credentials')),
    ...credentials.map((one) => {
      const { action, label, value } = revealButton(one, t)
      return section(t(one.what.message, one.what.values), button({ action, label, ...(value && { value }) }))
    }),
  ]
}

function home(blocks: KnownBlock[]): HomeView {
  return { type: 'home', callback_id: 'home', blocks: blocks.slice(0, blocksAtMost) }
}

/** The commands that the person runs most; each button opens the modal. */
function oftenBlocks(often: string[], t: Translate): KnownBlock[] {
  if (often.length === 0) return []
  const all = often.map((name) => ({ action: 'home:open', label: t.plain(commands.get(name)?.summary ?? name), value: name }))
  return [buttons(...all), note(t('All commands: {help}', { help: code(slash('help')) }))]
}

function waitingBlocks(waiting: HomeContent['waiting'], slackUrl: string, t: Translate): KnownBlock[] {
  if ('message' in waiting) return [note(t(waiting.message, waiting.values))]
  if (waiting.requests.length === 0 && !waiting.more) return [note(t('No requests need your approval.'))]
  const rows = waiting.requests.flatMap((request) => [
    section(waitingLine(request, slackUrl, t), openButton(request, t)),
    ...decidingButtons(request, t).map((block) => ({ ...block, block_id: decidingBlock(request.id) })),
  ])
  return [...rows, ...(waiting.more ? [note(t('There may be more in the approval channels.'))] : [])]
}

/** The block with the buttons of a request. */
export function decidingBlock(id: string) {
  return `request ${id}`
}

function waitingLine({ name, operation, input, rule, cardTs, expiresAt, id }: Request, slackUrl: string, t: Translate) {
  return t('{requester} requests approval for {command}. {place, select, none {} other {{link} · expires {until}}}', {
    requester: bold(name),
    command: code(wanted(operation, input)),
    place: cardTs ? 'card' : 'none',
    link: cardTs ? link(`${slackUrl}archives/${rule.channel}/p${cardTs.replace('.', '')}`, t.plain('Open the card')) : id,
    until: moment(expiresAt.getTime()),
  })
}

function ownBlock(request: Request, t: Translate) {
  const { operation, input, state, createdAt } = request
  const values = { command: code(wanted(operation, input)), state: requestWord(state, t), at: moment(createdAt.getTime()) }
  return section(t('{command}: {state}, requested {at}', values), openButton(request, t))
}

/** The command as a person would type it. */
function wanted(name: string, input: Record<string, unknown>) {
  const command = commands.get(name)
  return command ? commandOf(name, command, input) : slash(name)
}

function openButton({ id }: Request, t: Translate) {
  return button({ action: 'home:request', label: t.plain('Show'), value: id })
}

function buildBlocks(builds: HomeContent['builds'], t: Translate): KnownBlock[] {
  if ('message' in builds) return [note(t(builds.message, builds.values))]
  if (builds.length === 0) return [note(t('No builds started from Slack this week.'))]
  return builds.map((build) =>
    section(buildText(build, t), button({ action: 'build:logs', label: t.plain('Logs'), value: `${build.repository} ${build.build}` })),
  )
}

function buildText({ repository, build, phase, url, seen }: BuildState & { url: string }, t: Translate) {
  return t('{build} of {repository}: {phase}{tagged, select, yes {, {tags}} other {}}', {
    build: link(url, shortId(build)),
    repository: bold(repository),
    phase: phaseWord(phase, t),
    tagged: seen.tags?.length ? 'yes' : 'no',
    tags: codes(seen.tags ?? [], t),
  })
}

function subscriptionBlocks(subscriptions: HomeContent['subscriptions'], t: Translate): KnownBlock[] {
  const [shown, rest] = [subscriptions.slice(0, subscriptionsAtMost), subscriptions.length - subscriptionsAtMost]
  if (shown.length === 0) return [note(t('No subscriptions. Type {command} in a channel.', { command: code(slash('subscribe acme/web')) }))]
  const more =
    rest > 0
      ? [
          note(
            t('{count, plural, one {# more} other {# more}}: {command}', {
              count: rest,
              command: code(slash('subscription list mine=yes')),
            }),
          ),
        ]
      : []
  return [...lines(shown.map((one) => subscriptionLine(one, t))), ...more]
}
