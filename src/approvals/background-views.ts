import { effectsOf } from '../command/command.ts'
import { effectWords } from '../command/effect-words.ts'
import { commands } from '../command/registry.ts'
import type { Translate } from '../core/i18n.ts'
import { listText } from '../core/lists.ts'
import { bold, code, note, rawMarkup } from '../slack/blocks.ts'
import type { Request } from './request.ts'

/** What an approver wants to know besides the request: its effects, what the requester has, what others have, and earlier requests. */
export function backgroundNotes(request: Request, t: Translate) {
  const { held = [], peers, earlier } = request.about
  const name = bold(request.name)
  const lines = [
    effectsText(request, t),
    ...held.map(({ object, permission }) =>
      t('{requester} currently has {permission, select, none {no permission} other {*{permission}* permission}} on {object}.', {
        ...{ requester: name, permission, object: code(object) },
      }),
    ),
    peers ? peersText(peers, t) : '',
    earlier
      ? t(
          '{all, plural, =0 {First request by {requester} in 90 days.} other {{requester} made # earlier {all, plural, one {request} other {requests}} in 90 days: {done, number} approved, {denied, number} denied.}}',
          {
            ...{ requester: name, ...earlier },
          },
        )
      : '',
  ].filter(Boolean)
  return lines.length > 0 ? [note(lines.join('\n'))] : []
}

/** Creating something is what the first line says; a permission without an end is named. */
function effectsText({ operation, input }: Request, t: Translate) {
  const found = commands.get(operation)
  const effects = found ? effectsOf(found, input).filter((one) => one !== 'creates') : []
  if (!found || effects.length === 0) return ''
  const list = listText(
    t,
    'conjunction',
    effects.map((one) => t(effectWords[one])),
  )
  const forever = effects.includes('grants') && found.lasting && input.for === undefined && input.until === undefined
  return t('This {effects}{forever, select, yes { without an end date} other {}}.', {
    effects: rawMarkup(list),
    forever: forever ? 'yes' : 'no',
  })
}

function peersText(peers: NonNullable<Request['about']['peers']>, t: Translate) {
  if (peers.kind === 'creators')
    return t('{users, plural, one {# user} other {# users}} can create repositories in {namespace}.', {
      users: peers.users,
      namespace: code(peers.namespace),
    })
  return t(
    '{users, plural, one {# user} other {# users}}, {teams, plural, one {# team} other {# teams}} and {robots, plural, one {# robot account} other {# robot accounts}} have *{role}* permission or more on {object}.',
    { users: peers.users, teams: peers.teams, robots: peers.robots, role: peers.role, object: code(peers.object) },
  )
}
