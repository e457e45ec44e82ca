import { option, optionGroup } from './composition-rules.ts'
import { deliver } from './deliver.ts'
import type { Placed } from './elements.ts'
import { type Fields, fieldsOf, lengthOf, listOf } from './json.ts'
import { aboutMessage, aboutView, actor, interaction } from './payloads.ts'
import { forbidden } from './refusal.ts'
import { exactlyOne, list, object } from './rules.ts'
import type { Slack } from './simulation.ts'

export interface Where {
  user: string
  view_id?: string
  channel?: string
  ts?: string
}

/** The bot's suggestions while a person types into an external select. */
export async function askForOptions(
  slack: Slack,
  { element, block_id, action_id }: Placed,
  query: string,
  where: Where,
): Promise<Fields[]> {
  const least = typeof element.min_query_length === 'number' ? element.min_query_length : 3
  // The client asks from the third character on, unless the element says otherwise (docs/slack.md §1.4).
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

// At most a hundred options or groups, all valid; otherwise the menu shows an error (docs/slack.md §1.4, §3).
const answer = object(
  {},
  { options: list(option, { max: 100 }), option_groups: list(optionGroup, { max: 100 }) },
  exactlyOne('options', 'option_groups'),
)

function accepted(ack: unknown): Fields[] {
  const problems = answer(ack ?? {}, '').map(({ message, pointer }) => `${message} [${pointer}]`)
  if (problems.length > 0) throw forbidden(`The menu shows an error, for the bot answered wrongly: ${problems.join('; ')}.`)
  const { options, option_groups } = fieldsOf(ack)
  return [...listOf(options), ...listOf(option_groups).flatMap((group) => listOf(group.options))]
}
