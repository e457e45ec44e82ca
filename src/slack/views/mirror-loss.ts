import type { KnownBlock } from '@slack/types'
import type { Translate } from '../../core/i18n.ts'
import type { MirrorLoss } from '../../quay/mirror-loss.ts'
import { bold, code, note, section } from '../blocks.ts'
import { codes } from './codes.ts'

const shown = 20

/** What a repository loses when it becomes a mirror: a sync deletes every tag that it does not copy. */
export function mirrorLossView(repository: string, reference: string, { all, more, gone }: MirrorLoss, t: Translate): KnownBlock[] {
  return [
    section(
      t(
        '{repository} has {more, select, yes {more than {all} tags} other {{all, plural, one {# tag} other {# tags}}}}, and the mirror deletes every tag that it does not bring. {count, plural, =0 {All of them match its patterns.} one {# tag matches none of its patterns and goes: {names}} other {# tags match none of its patterns and go: {names}{rest, plural, =0 {} other { and # more}}}}',
        {
          repository: bold(repository),
          more: more ? 'yes' : 'no',
          all,
          count: gone.length,
          names: codes(gone.slice(0, shown)),
          rest: Math.max(0, gone.length - shown),
        },
      ),
    ),
    ...(all > gone.length
      ? [
          note(
            t(
              '{count, plural, one {# tag stays only if {reference} has it too.} other {# tags stay only as far as {reference} has them too.}}',
              {
                count: all - gone.length,
                reference: code(reference),
              },
            ),
          ),
        ]
      : []),
  ]
}
