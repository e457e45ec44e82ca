import type { Translate } from '../../core/i18n.ts'
import { listText } from '../../core/lists.ts'
import { bold, code, note, quoted, rawMarkup, section } from '../../slack/blocks.ts'
import type { Story } from '../story.ts'

/** What approvers and the requester said, each as a quotation, so that it cannot imitate a line of the card. */
export function commentBlocks({ comments }: Story, t: Translate) {
  return comments.flatMap(({ name, by, said }) => [
    section(by === 'approver' ? t('{person} commented:', { person: bold(name) }) : t('{person} answered:', { person: bold(name) })),
    quoted(said),
  ])
}

/** Who else wants the same. `all`: also those whom the requester may not be told of. */
export function sameNotes({ followers, same }: Story, t: Translate, { all }: { all: boolean }) {
  const shown = same.filter(({ known }) => all || known)
  const requested = listText(
    t,
    'conjunction',
    shown.map(({ id, name }) => `${bold(name).markup} (${code(id).markup})`),
  )
  const following = listText(
    t,
    'conjunction',
    followers.map(({ name }) => bold(name).markup),
  )
  return [
    ...(shown.length > 0 ? [note(t('Also requested by {people}.', { people: rawMarkup(requested) }))] : []),
    ...(followers.length > 0 ? [note(t('Followed by {people}, who want the same.', { people: rawMarkup(following) }))] : []),
  ]
}
