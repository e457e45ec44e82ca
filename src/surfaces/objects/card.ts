import type { ActionsBlock, Button, KnownBlock, PlainTextOption, StaticSelect } from '@slack/types'
import { kinds, type Named, parentOf } from '../../command/object-kinds.ts'
import { type Bot, onBehalfOf } from '../../context.ts'
import type { Translate } from '../../core/i18n.ts'
import { namespaceOf } from '../../quay/names.ts'
import type { Person } from '../../security/identity.ts'
import { effectivePermission } from '../../security/permissions.ts'
import { button, clip, plain } from '../../slack/blocks.ts'
import { yoursNote } from '../../slack/views/object-card.ts'
import { titleOf } from '../modals/titles.ts'
import { type Action, actionsFor, fitting } from './actions.ts'
import { carriedWord } from './carried-word.ts'
import { openAction } from './open-action.ts'

const mostFirst = 6
const mostOptions = 100

/**
 * Below an object's card: what the person may do there and why, buttons for what they do most, a select with everything else that
 * they may run or request. It is about the reader, so it is never shared with the card.
 */
export async function cardBlocks(all: Bot, person: Person, object: Named, shown: unknown, t: Translate): Promise<KnownBlock[]> {
  const bot = onBehalfOf(all, person.id)
  const actions = await actionsFor(bot, person, fitting(bot, object, shown))
  const word = await carriedWord(bot, person, object)
  const { first } = kinds[object.kind]
  const pressed = actions.filter(({ name, how }) => first.includes(name) && how === 'run').slice(0, mostFirst)
  const others = actions.filter((one) => !pressed.includes(one))
  const parent = parentOf(object)
  const elements: (Button | StaticSelect)[] = [
    ...pressed.map(({ name }, index) => button({ action: 'object:do', label: t.plain(titleOf(name)), value: `${name} ${word}` }, index)),
    ...(others.length > 0 ? [selectOf(others, word, t)] : []),
    ...(parent ? [button(openAction(parent, t))] : []),
  ]
  const row: ActionsBlock = { type: 'actions', elements }
  return [...(await yours(bot, person, object, t)), ...(elements.length > 0 ? [row] : [])]
}

/** The reader's permission and its reason, which were read a moment ago to let them see the card. */
async function yours(bot: Bot, person: Person, { repository, namespace, robot }: Named, t: Translate) {
  const object = repository ?? namespace ?? (robot && namespaceOf(robot))
  if (object === undefined) return []
  const { permission, reason, hidden } = await effectivePermission(bot, person, object)
  return [yoursNote({ permission, reason: permission === 'none' ? (hidden?.sentence ?? reason) : reason }, t)]
}

/** What runs and what can be requested, apart: who presses the second knows that somebody else decides. */
function selectOf(actions: Action[], word: string, t: Translate): StaticSelect {
  const [run, ask] = [actions.filter(({ how }) => how === 'run'), actions.filter(({ how }) => how === 'ask')]
  const few = (some: Action[], rest: number) => some.slice(0, Math.max(0, mostOptions - rest)).map((one) => optionOf(one, word, t))
  const groups = [
    { label: plain(t.plain('More actions')), options: few(run, 0) },
    { label: plain(t.plain('Request approval')), options: few(ask, run.length) },
  ]
  return {
    type: 'static_select',
    action_id: 'object:do#more',
    placeholder: plain(run.length > 0 ? t.plain('More actions') : t.plain('Request approval')),
    option_groups: groups.filter(({ options }) => options.length > 0),
  }
}

function optionOf({ name }: Action, word: string, t: Translate): PlainTextOption {
  return { text: plain(clip(t.plain(titleOf(name)), 75)), value: `${name} ${word}` }
}
