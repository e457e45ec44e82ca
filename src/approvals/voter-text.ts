import type { Translate } from '../core/i18n.ts'
import { listText } from '../core/lists.ts'
import type { Markup } from '../core/markup.ts'
import { bold, rawMarkup } from '../slack/blocks.ts'
import type { Vote } from './request.ts'

/** Who decided, and for whom if that approver is away: *bea* (for *dora*). */
export function voterText({ name, behalf }: Pick<Vote, 'name' | 'behalf'>, t: Translate): Markup {
  return behalf ? rawMarkup(t('{person} (for {approver})', { person: bold(name), approver: bold(behalf.name) })) : bold(name)
}

/** The voters as a list in a sentence, without a mention. */
export function votersText(votes: Vote[], t: Translate): Markup {
  return rawMarkup(
    listText(
      t,
      'conjunction',
      votes.map((vote) => voterText(vote, t).markup),
    ),
  )
}

/** Who denied it. */
export function denierText(votes: Vote[], t: Translate): Markup {
  const denial = votes.find(({ decision }) => decision === 'denied')
  return denial ? voterText(denial, t) : bold('')
}
