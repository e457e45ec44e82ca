import { deliver } from './deliver.ts'
import type { Placed } from './elements.ts'
import { type Fields, isFields, lengthOf, listOf } from './json.ts'
import { aboutMessage, aboutView, actor, interaction } from './payloads.ts'
import { forbidden } from './refusal.ts'
import type { Slack } from './simulation.ts'

export interface Where {
  user: string
  view_id?: string
  channel?: string
  ts?: string
}

/** What the bot suggests while somebody types into an external select. */
export async function askForOptions(
  slack: Slack,
  { element, block_id, action_id }: Placed,
  query: string,
  where: Where,
): Promise<Fields[]> {
  const least = typeof element.min_query_length === 'number' ? element.min_query_length : 3
  // The client asks from the third character on unless the element says otherwise (facts §1.4).
  if (lengthOf(query) < least) throw forbidden(`Slack asks for suggestions from ${least} characters on.`)
  const user = actor(slack, where.user)
  const payload = { ...interaction(slack, 'block_suggestion', user), ...about(slack, where), block_id, action_id, value: query }
  const { ok, ack, error } = await deliver(slack, 'interactive', payload)
  if (!ok) throw forbidden(`The bot did not answer with suggestions: ${error}.`)
  return accepted(ack)
}

function about(slack: Slack, { view_id, channel, ts }: Where): Fields {
  const { views, homes, channels, messages } = slack.workspace
  const view = [...views, ...homes].find(({ id }) => id === view_id)
  if (view) return aboutView(view)
  const room = channels.find(({ id }) => id === channel)
  const message = messages.find((one) => one.ts === ts && one.channel === channel)
  return room && message ? aboutMessage(room, message) : {}
}

// At most a hundred options or groups, all well formed; otherwise the menu shows an error (facts §1.4, §3).
function accepted(ack: unknown): Fields[] {
  if (!isFields(ack)) throw forbidden('The bot answered without options.')
  const groups = ack.option_groups
  const all = groups === undefined ? ack.options : listOf(groups).flatMap((group) => listOf(group.options))
  if (!Array.isArray(all)) throw forbidden('The bot answered without options.')
  if (all.length > 100 || listOf(groups).length > 100) throw forbidden('The bot suggests more than 100 options.')
  return listOf(all)
}

/** The external select that stands for a field. */
export function isExternal({ element }: Placed) {
  return element.type === 'external_select' || element.type === 'multi_external_select'
}
