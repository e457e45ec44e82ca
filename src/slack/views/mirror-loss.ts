import type { KnownBlock } from '@slack/types'
import type { Translate } from '../../core/i18n.ts'
import type { MirrorLoss } from '../../quay/mirror-loss.ts'
import { bold, code, note, section } from '../blocks.ts'
import { someCodes } from './codes.ts'

/** What a repository loses when it becomes a mirror: a sync deletes every tag that it does not copy. */
export function mirrorLossView(repository: string, reference: string, { all, more, gone }: MirrorLoss, t: Translate): KnownBlock[] {
  return [
    section(
      t(
        '{repository} has {more, select, yes {more than {all} tags} other {{all} tags}}. The mirror deletes every tag that it does not sync. {count, plural, =0 {All of them match its patterns.} one {# tag matches none of its patterns and will be deleted: {names}} other {# tags match none of its patterns and will be deleted: {names}}}',
        { repository: bold(repository), more: more ? 'yes' : 'no', all, count: gone.length, names: someCodes(gone, t) },
      ),
    ),
    ...(all > gone.length
      ? [
          note(
            t('{count, plural, one {# tag stays only if {reference} has it too.} other {# tags stay only if {reference} has them too.}}', {
              count: all - gone.length,
              reference: code(reference),
            }),
          ),
        ]
      : []),
  ]
}
