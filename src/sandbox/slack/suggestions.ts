import type { Fields } from './json.ts'
import { askForOptions } from './options.ts'
import { actor } from './payloads.ts'
import { find, shownView } from './press.ts'
import { impossible } from './refusal.ts'
import type { Slack } from './simulation.ts'

export interface Asked {
  user: string
  view_id?: string
  channel?: string
  ts?: string
  field: string
  query: string
}

/** The options of an external select for the text typed by a person. */
export async function suggestions(slack: Slack, { field, query, ...where }: Asked): Promise<Fields[]> {
  const user = actor(slack, where.user)
  const placed = find(blocksOf(slack, where), { field })
  if (!/external_select$/.test(String(placed.element.type))) throw impossible(`${field} does not ask the bot for suggestions.`)
  return askForOptions(slack, placed, query, { ...where, user: user.id })
}

function blocksOf(slack: Slack, { user, view_id, channel, ts }: Omit<Asked, 'field' | 'query'>): Fields[] {
  if (view_id) return shownView(slack, actor(slack, user), view_id).blocks
  const message = slack.workspace.messages.find((one) => one.ts === ts && one.channel === channel)
  if (!message?.blocks) throw impossible('There is no such message.')
  return message.blocks
}
