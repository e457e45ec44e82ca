import type { Command, RequiredPermission } from '../../command/command.ts'
import { kinds, type Named, wordOf } from '../../command/object-kinds.ts'
import { leadsTo } from '../../command/objects.ts'
import { splitName } from '../../command/phrases.ts'
import { type Bot, onBehalfOf } from '../../context.ts'
import type { Translate } from '../../core/i18n.ts'
import type { Permission } from '../../security/permissions.ts'
import type { ButtonText } from '../../slack/blocks.ts'
import { titleOf } from '../modals/titles.ts'
import type { Shared } from '../outcome.ts'
import { type Action, actionsFor, fitting } from './actions.ts'
import { openAction } from './open-action.ts'

const mostSteps = 2

/** What people do after these; after any other command, what has the same noun, and then what comes first on the card. */
const after: Record<string, string[]> = {
  'repo create': ['permission grant', 'build start'],
  'mirror create': ['mirror show', 'permission grant'],
  'org create': ['repo create', 'team create'],
  'permission grant': ['permission list'],
  'permission revoke': ['permission list'],
  'team create': ['team add', 'permission grant'],
}

/** Below a list or a change: the card of what it was about, and what is likely next, filled with its names. */
export async function nextSteps(
  all: Bot,
  { name, command, person, input }: Pick<Shared, 'name' | 'command' | 'person' | 'input'>,
  result: unknown,
  t: Translate,
): Promise<ButtonText[]> {
  const object = leadsTo(name, command, input, result)
  // A card has more buttons than these.
  if (!object || kinds[object.kind].card === name) return []
  const bot = onBehalfOf(all, person.id)
  const fits = fitting(bot, object, result).filter((one) => one.name !== name)
  const likely = likeliest(name, object, fits)
  const steps = command.changes
    ? likely.filter((one) => isCovered(name, command, one.command))
    : (await actionsFor(bot, person, likely.slice(0, 4))).filter(({ how }) => how === 'run')
  const word = wordOf(object)
  return [
    ...steps.slice(0, mostSteps).map((one) => ({ action: 'object:do', label: t.plain(titleOf(one.name)), value: `${one.name} ${word}` })),
    openAction(object, t),
  ]
}

function likeliest(name: string, { kind }: Named, fits: Omit<Action, 'how'>[]) {
  const named = after[name]
  if (named) return fits.filter((one) => named.includes(one.name)).toSorted((a, b) => named.indexOf(a.name) - named.indexOf(b.name))
  const first = fits.filter((one) => kinds[kind].first.includes(one.name))
  const isSame = (one: { name: string }) => splitName(one.name).noun === splitName(name).noun
  return [...first.filter(isSame), ...first.filter((one) => !isSame(one))]
}

const ranks: Permission[] = ['read', 'member', 'write', 'create', 'admin']

/**
 * Whether who has just run a change may run the next command too, without asking Quay again: who creates something owns it, and
 * otherwise the change needed as much. The press checks it anew.
 */
function isCovered(name: string, done: Command, next: Command): boolean {
  if (typeof next.permissions === 'string') return next.permissions !== 'superuser' || done.permissions === 'superuser'
  if (splitName(name).verb === 'create') return true
  return typeof done.permissions !== 'string' && mostOf(next.permissions) <= mostOf(done.permissions)
}

function mostOf(needed: RequiredPermission[]) {
  return Math.max(-1, ...needed.map(({ permission }) => ranks.indexOf(permission)))
}
