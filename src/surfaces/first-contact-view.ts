import type { ActionsBlock, ExternalSelect } from '@slack/types'
import { commands } from '../command/registry.ts'
import { commas } from '../core/commas.ts'
import type { Translate } from '../core/i18n.ts'
import { slash } from '../core/slash-command.ts'
import { bold, button, buttons, code, type Message, note, plain, section } from '../slack/blocks.ts'
import type { FirstContact } from './first-contact.ts'

const followedAtMost = 5

/** At most twelve lines: who you are, what needs you, what you do often, and a select with everything else. */
export function firstContactView(contact: FirstContact, t: Translate): Message {
  const first = who(contact, t)
  const { unlinked, mayAskOperators, waiting, follows, last, often } = contact
  const all: Message['blocks'] = [section(first)]
  if (unlinked) all.push(section(t(unlinked.message, unlinked.values)))
  if (mayAskOperators) all.push(buttons({ action: 'contact:link', label: t.plain('Request linking'), style: 'primary' }))
  if (waiting > 0)
    all.push(
      section(
        t('{count, plural, one {# request needs} other {# requests need}} your approval.', { count: waiting }),
        button({ action: 'contact:waiting', label: t.plain('Show'), style: 'primary' }),
      ),
    )
  if (follows.length > 0) all.push(section(followedLine(follows, t)))
  if (last.length > 0)
    all.push(section(t('Recent commands: {commands}', { commands: { markup: last.map((one) => code(one).markup).join(' · ') } })))
  if (often.length > 0)
    all.push(buttons(...often.map((name) => ({ action: 'home:open', label: t.plain(commands.get(name)?.summary ?? name), value: name }))))
  all.push(palette(t))
  all.push(
    note(t('All commands: {all}. Details of a command: {one}.', { all: code(slash('help all')), one: code(slash('help repo create')) })),
  )
  return { text: first, blocks: all }
}

function who({ account, superuser, unasked }: FirstContact, t: Translate) {
  if (account === undefined && unasked) return t('Quaymaster works on your Quay registry with your own permissions.')
  if (account === undefined)
    return t('Quaymaster works on your Quay registry with your own permissions. You are not linked to a Quay user yet.')
  const values = { account: bold(account) }
  return superuser
    ? t('You are {account} in Quay, a superuser. Commands run with your own permissions.', values)
    : t('You are {account} in Quay. Commands run with your own permissions.', values)
}

function followedLine(follows: string[], t: Translate) {
  const more = follows.length - followedAtMost
  return t('This channel is subscribed to {targets}{more, plural, =0 {} other { and # more}}.', {
    targets: {
      markup: commas(
        t,
        follows.slice(0, followedAtMost).map((one) => code(one).markup),
      ),
    },
    more: Math.max(0, more),
  })
}

/** A searchable select over everything that the person could run (suggestions/palette.ts); each opens its modal. */
function palette(t: Translate): ActionsBlock {
  const element: ExternalSelect = {
    type: 'external_select',
    action_id: 'home:open#palette',
    placeholder: plain(t.plain('All commands')),
    min_query_length: 0,
  }
  return { type: 'actions', elements: [element] }
}
